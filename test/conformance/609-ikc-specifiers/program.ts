import { parseSpecifier, specifierName, specifierPart } from 'poe-kernel/ikc';

const TEXTS = [
  ...['poe://Server/calc/sum', 'poe://Server/calc', 'poe://Server', 'poe:/calc/sum', 'poe:calc/sum', 'poe:sum'],
  ...['calc/sum', 'sum', '//Server/calc/sum', 'poe://*/calc/sum', 'poe://host.test:603/calc/sum'],
  ...['poe://Server/calc/sum?arg', 'poe://my kernel/my session/my event', 'poe://unix:some-path/calc/sum'],
  ...['http://Server/calc/sum', 'poe://Server/calc/sum/more', '', 'a/b/c'],
];

for (const text of TEXTS) {
  const s = parseSpecifier(text) as Record<string, unknown> | undefined;
  const parts = ['kernel', 'session', 'state', 'args'].filter((part) => s?.[part] !== undefined);
  console.log(`'${text}': ${s ? parts.map((part) => `${part}='${s[part]}'`).join(', ') : 'nothing'}`);
}

const h = parseSpecifier({ session: 's', state: 'e' }) as unknown as Record<string, unknown>;
console.log(
  `hash: ${Object.keys(h)
    .sort()
    .map((part) => `${part}='${h[part]}'`)
    .join(', ')}`,
);
console.log(`array: ${parseSpecifier(['s', 'e']) ? 'something' : 'nothing'}`);
console.log(`name of hash: ${specifierName({ kernel: 'K', session: 'S', state: 'E' })}`);
console.log(`name without kernel: ${specifierName({ kernel: '', session: 'S', state: 'E' })}`);
console.log(`name of session only: ${specifierName({ session: 'S' })}`);
console.log(`name of a pair: ${specifierName(['S', 'E'])}`);
console.log(`name of text: ${specifierName('poe://as/it/is')}`);
console.log(`part kernel: ${specifierPart('poe://K/S/E', 'kernel')}`);
console.log(`part of bare text: ${specifierPart('K', 'kernel')}`);
console.log(`part state: ${specifierPart({ kernel: 'K', session: 'S', state: 'E' }, 'state')}`);
