// SPDX-License-Identifier: MIT

/** Answers to `(get-value (...))`. */

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
