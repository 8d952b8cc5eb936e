/** What an empty program is to the case `start`. */
export {};
