// SPDX-License-Identifier: MIT

/** Which constants AArch64 instructions can carry, and how to build the others. */

/** `add`/`sub`/`cmp` immediates: 12 bits, optionally shifted left by 12. */
export function isAddImm(value: bigint): boolean {
  return value >= 0n && (value < 4096n || ((value & 0xfffn) === 0n && value < 1n << 24n));
}

/** Bitmask immediates of the logical instructions: a rotated run of ones, repeated (Arm ARM, DecodeBitMasks). */
export function isLogicalImm(value: bigint, width: 32 | 64): boolean {
  let v = BigInt.asUintN(width, value);
  const all = (1n << BigInt(width)) - 1n;
  if (v === 0n || v === all) return false;
  let size = width as number;
  while (size > 2) {
    const half = BigInt(size / 2);
    const low = v & ((1n << half) - 1n);
    if (low !== (v >> half) % (1n << half)) break;
    v = low;
    size /= 2;
  }
  const ones = (1n << BigInt(size)) - 1n;
  return isRun(v) || isRun(~v & ones);
}

/** One contiguous run of ones. */
function isRun(v: bigint): boolean {
  if (v === 0n) return false;
  const lowest = v & -v;
  const sum = v + lowest;
  return (sum & (sum - 1n)) === 0n;
}

/** The instructions that put `value` into register `n`, as mnemonic and operands. */
export function constantSequence(n: number, value: bigint, width: 32 | 64): string[] {
  const v = BigInt.asUintN(width, value);
  // A 32-bit write clears the upper half, so small values need no 64-bit form.
  const reg = width === 32 || v < 1n << 32n ? `w${n}` : `x${n}`;
  const bits = reg.startsWith('w') ? 32 : 64;
  const parts: bigint[] = [];
  for (let i = 0; i < bits; i += 16) parts.push((v >> BigInt(i)) & 0xffffn);
  const zeros = parts.filter((p) => p === 0n).length;
  const ones = parts.filter((p) => p === 0xffffn).length;
  const needed = parts.length - Math.max(zeros, ones);
  if (needed > 1 && isLogicalImm(v, bits as 32 | 64)) {
    return [`orr\t${reg}, ${bits === 32 ? 'wzr' : 'xzr'}, #${v}`];
  }
  const out: string[] = [];
  const inverted = ones > zeros;
  const skip = inverted ? 0xffffn : 0n;
  parts.forEach((p, i) => {
    if (p === skip) return;
    const shift = i === 0 ? '' : `, lsl #${i * 16}`;
    if (out.length > 0) out.push(`movk\t${reg}, #${p}${shift}`);
    else if (inverted) out.push(`movn\t${reg}, #${~p & 0xffffn}${shift}`);
    else out.push(`movz\t${reg}, #${p}${shift}`);
  });
  if (out.length === 0) out.push(inverted ? `movn\t${reg}, #0` : `movz\t${reg}, #0`);
  return out;
}
