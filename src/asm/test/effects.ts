// SPDX-License-Identifier: MIT
import type { FunctionCode, Program } from '../program/types.ts';

/**
 * Which functions of a program do nothing outside of its memory: neither they nor what they call, directly or through
 * others, call a function that is not known to be without such effects, or one that only runs will tell (through a
 * pointer), or enter the operating system, or jump elsewhere than to their callers (`longjmp`).
 */

/** Functions of the C library that only compute and use memory. */
const HARMLESS = new RegExp(
  `^(?:${[
    'mem(?:cpy|move|set|chr|rchr|cmp|mem)|mempcpy|rawmemchr|b(?:zero|copy|cmp)|__mem(?:cpy|move|set)_chk',
    'str(?:n?len|n?cpy|n?cat|n?cmp|n?casecmp|coll|xfrm|r?chr|chrnul|c?spn|pbrk|str|casestr|tok_r|sep|n?dup)|stpn?cpy',
    '__str(?:n?cpy|n?cat)_chk|__ctype_(?:b|tolower|toupper)_loc|is[a-z]+|to(?:ascii|lower|upper)',
    '(?:l|ll)?abs|(?:l|ll)?div|ato[ifl]|atoll|(?:__isoc23_)?strto(?:[a-z]+)|__errno_location',
    // Memory is taken and given back.
    '[cm]alloc|realloc|free',
    // Into memory. What checks of the compiler's own call is never called in good order.
    '(?:__)?v?sn?printf(?:_chk)?|__stack_chk_fail|__chk_fail',
    'a?(?:cos|sin|tan)h?f?|atan2f?|cbrtf?|ceilf?|copysignf?|exp2?f?|fabsf?|floorf?|fmodf?|frexp|hypotf?|ldexpf?',
    'log(?:10|1p|2)?f?|modff?|powf?|sqrtf?|l?l?r(?:int|ound)f?|truncf?|__[a-z]+[dst][if][2345]',
  ].join('|')})$`,
);

/** The functions without external side effects, as `FILE NAME` with the file's name in its program. */
export function withoutEffects(programs: readonly Program[]): ReadonlySet<string> {
  const globals = new Map<string, string>();
  const keyOf = (p: Program, name: string): string => `${p.ast.file} ${name}`;
  const nodes = new Map<string, { readonly calls: readonly string[]; clean: boolean }>();
  for (const p of programs) {
    for (const f of p.functions) {
      for (const name of [f.name, ...f.aliases]) {
        if (p.symbols.get(name)?.binding !== 'local') globals.set(name, keyOf(p, f.name));
      }
    }
  }
  for (const p of programs) {
    for (const f of p.functions) {
      const { names, unknown } = calledBy(f);
      let clean = !unknown;
      const calls: string[] = [];
      for (const name of names) {
        const index = p.functionOf.get(p.symbolAliases.get(name) ?? name);
        const own = index === undefined ? undefined : p.functions[index]?.name;
        const callee = own === undefined ? globals.get(name) : keyOf(p, own);
        if (callee !== undefined) calls.push(callee);
        else if (!HARMLESS.test(name)) clean = false;
      }
      nodes.set(keyOf(p, f.name), { calls, clean });
    }
  }
  for (let again = true; again; ) {
    again = false;
    for (const n of nodes.values()) {
      if (!n.clean || n.calls.every((c) => nodes.get(c)?.clean === true)) continue;
      n.clean = false;
      again = true;
    }
  }
  return new Set([...nodes].flatMap(([key, n]) => (n.clean ? [key] : [])));
}

function calledBy(f: FunctionCode): { readonly names: ReadonlySet<string>; readonly unknown: boolean } {
  const names = new Set<string>();
  let unknown = false;
  for (const b of f.blocks) {
    if (b.tailCall !== undefined) names.add(b.tailCall);
    if (b.flow.kind === 'call') {
      if (b.flow.target === undefined) unknown = true;
      else names.add(b.flow.target);
    }
    if (b.flow.kind === 'system' || (b.flow.kind === 'indirect' && b.successors.length === 0)) unknown = true;
  }
  return { names, unknown };
}
