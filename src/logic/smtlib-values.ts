// SPDX-License-Identifier: MIT

/** What solvers say of the values in a model. */

type Expression = string | readonly Expression[];

/** The expressions in `text`; what is not closed is left out. */
function parse(text: string): readonly Expression[] {
  const open: Expression[][] = [[]];
  for (const [token] of text.matchAll(/\|[^|]*\||[()]|[^\s()|]+/g)) {
    if (token === '(') open.push([]);
    else if (token === ')') {
      const done = open.length > 1 ? open.pop() : undefined;
      if (done !== undefined) (open[open.length - 1] as Expression[]).push(done);
    } else (open[open.length - 1] as Expression[]).push(token);
  }
  return open[0] ?? [];
}

/** `#x..`, `#b..` or `(_ bvN w)` */
function numberIn(e: Expression | undefined): bigint | undefined {
  if (e === undefined) return undefined;
  if (typeof e !== 'string') {
    const number = e[0] === '_' && typeof e[1] === 'string' ? /^bv(\d+)$/.exec(e[1])?.[1] : undefined;
    return number === undefined ? undefined : BigInt(number);
  }
  if (/^#[xb][0-9a-fA-F]+$/.test(e)) return BigInt(`0${e.slice(1)}`);
  return undefined;
}

/** The values of `((expression value) ...)` in their order, after the solver's `sat`. */
export function readValues(text: string): readonly (bigint | undefined)[] {
  const pairs = parse(text).find((e) => typeof e !== 'string');
  if (pairs === undefined || typeof pairs === 'string') return [];
  return pairs.map((pair) => (typeof pair === 'string' ? undefined : numberIn(pair[1])));
}

/** The values of constants in a model of `(define-fun name () sort value)`, by their names in bars. */
export function definedValues(text: string): ReadonlyMap<string, bigint> {
  const values = new Map<string, bigint>();
  for (const e of parse(text)) {
    if (typeof e === 'string' || e[0] !== 'define-fun' || typeof e[1] !== 'string') continue;
    const value = numberIn(e[4]);
    // Bars are left out where they are not needed.
    if (value !== undefined) values.set(e[1].startsWith('|') ? e[1] : `|${e[1]}|`, value);
  }
  return values;
}
