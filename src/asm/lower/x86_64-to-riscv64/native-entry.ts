// SPDX-License-Identifier: MIT

/**
 * The entry of a function for native code (RISC-V ELF psABI, "Integer Calling Convention"): puts arguments 7 and 8 from `a6` and
 * `a7`, and those that follow on the stack, where x86 has them, calls `body`, and gives the stack back. Lines without their ends.
 */
export function nativeEntry(body: string, words: number): readonly string[] {
  const frame = 16 * Math.ceil((8 * words + 8) / 16);
  const lines = [`addi\tsp, sp, -${frame}`, `sd\tra, ${frame - 8}(sp)`, 'sd\ta6, 0(sp)'];
  if (words > 1) lines.push('sd\ta7, 8(sp)');
  for (let i = 2; i < words; i++) lines.push(`ld\tt3, ${frame + 8 * (i - 2)}(sp)`, `sd\tt3, ${8 * i}(sp)`);
  lines.push(`call\t${body}`, `ld\tra, ${frame - 8}(sp)`, `addi\tsp, sp, ${frame}`, 'ret');
  return lines.map((line) => `\t${line}`);
}
