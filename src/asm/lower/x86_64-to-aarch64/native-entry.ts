// SPDX-License-Identifier: MIT

/**
 * The entry of a function for native code (AAPCS64 6.8): puts arguments 7 and 8 from `x6` and `x7`, and those that follow on the
 * stack, where x86 has them, calls `body`, and gives the stack back. Lines without their ends.
 */
export function nativeEntry(body: string, words: number): readonly string[] {
  const frame = 16 * Math.ceil((8 * words + 8) / 16);
  const lines = [`sub\tsp, sp, #${frame}`, `str\tx30, [sp, #${frame - 8}]`];
  lines.push(words === 1 ? 'str\tx6, [sp]' : 'stp\tx6, x7, [sp]');
  for (let i = 2; i < words; i++) lines.push(`ldr\tx16, [sp, #${frame + 8 * (i - 2)}]`, `str\tx16, [sp, #${8 * i}]`);
  lines.push(`bl\t${body}`, `ldr\tx30, [sp, #${frame - 8}]`, `add\tsp, sp, #${frame}`, 'ret');
  return lines.map((line) => `\t${line}`);
}
