/** The octets that say what follows in an image, under the names that Storable gives them. */

/** Something already seen: its number, four octets, big-endian in both orders. */
export const SX_OBJECT = 0;
/** Byte string with a length of four octets. */
export const SX_LSCALAR = 1;
export const SX_ARRAY = 2;
/** Hash: value, then key, for every pair. */
export const SX_HASH = 3;
/** A scalar that is a reference to what follows. */
export const SX_REF = 4;
export const SX_UNDEF = 5;
/** Integer of eight octets, native order only. */
export const SX_INTEGER = 6;
/** Double, native order only. */
export const SX_DOUBLE = 7;
/** Integer from -128 to 127, plus 128. */
export const SX_BYTE = 8;
/** Integer of 32 bits, big-endian. */
export const SX_NETINT = 9;
/** Byte string with a length of one octet. */
export const SX_SCALAR = 10;
export const SX_TIED_ARRAY = 11;
export const SX_TIED_HASH = 12;
export const SX_TIED_SCALAR = 13;
/** Perl's undef itself; in an array an element that does not exist. */
export const SX_SV_UNDEF = 14;
export const SX_SV_YES = 15;
export const SX_SV_NO = 16;
/** What follows is blessed into a class that is named here. */
export const SX_BLESS = 17;
/** What follows is blessed into a class that was named before. */
export const SX_IX_BLESS = 18;
/** An object that its class wrote itself. */
export const SX_HOOK = 19;
/** Reference to an object with overloaded operators. */
export const SX_OVERLOAD = 20;
export const SX_TIED_KEY = 21;
export const SX_TIED_IDX = 22;
/** Text with a length of one octet, which counts octets. */
export const SX_UTF8STR = 23;
export const SX_LUTF8STR = 24;
/** Hash with flags of its own and for each key. */
export const SX_FLAG_HASH = 25;
export const SX_CODE = 26;
export const SX_WEAKREF = 27;
export const SX_WEAKOVERLOAD = 28;
export const SX_VSTRING = 29;
export const SX_LVSTRING = 30;
/** Perl's undef itself as an array element that does exist. */
export const SX_SVUNDEF_ELEM = 31;
export const SX_REGEXP = 32;
/** Something longer than 2 GiB. */
export const SX_LOBJECT = 33;
/** True and false of Storable 3.27 and later. */
export const SX_BOOLEAN_TRUE = 40;
export const SX_BOOLEAN_FALSE = 41;

/** Flags of a key in SX_FLAG_HASH: the key is text; it stands for a key that is permitted, but absent. */
export const KEY_UTF8 = 0x01;
export const KEY_PLACEHOLDER = 0x10;

/** Flags of SX_REGEXP: the pattern has a length of four octets. */
export const REGEXP_LONG = 0x01;

/** Flags of SX_HOOK. */
export const HOOK_KIND = 0x03;
export const HOOK_LONG_CLASS = 0x04;
export const HOOK_LONG_STRING = 0x08;
export const HOOK_LONG_LIST = 0x10;
export const HOOK_KNOWN_CLASS = 0x20;
export const HOOK_VALUE_FOLLOWS = 0x40;
export const HOOK_HAS_LIST = 0x80;
/** The kinds of HOOK_KIND, by number; the fourth, a tied container with a hook, is not supported. */
export const HOOK_KINDS = ['scalar', 'array', 'hash'] as const;

/** In front of lengths and numbers of SX_BLESS and SX_IX_BLESS that do not fit into seven bits. */
export const LONG_FORM = 0x80;

export const MAJOR = 2;
export const MINOR = 11;
/** First octet of an image: the major version doubled, and 1 for network order. */
export const NETWORK_MAGIC = MAJOR * 2 + 1;
export const NATIVE_MAGIC = MAJOR * 2;
/** Byte order of a 64-bit little-endian Perl as text with its length, then the sizes of int, long, pointer and double. */
export const NATIVE_LAYOUT: readonly number[] = [8, 49, 50, 51, 52, 53, 54, 55, 56, 4, 8, 8, 8];
