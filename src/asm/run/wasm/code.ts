// SPDX-License-Identifier: MIT
import { Bytes } from './bytes.ts';

/** Types of values, by their codes. */
export const I32 = 0x7f;
export const I64 = 0x7e;
export type ValueType = typeof I32 | typeof I64;

/** Codes of the instructions that are used (core specification 5.4); all take and give what their names say. */
export const OP = {
  unreachable: 0x00,
  return: 0x0f,
  drop: 0x1a,
  select: 0x1b,
  i32Load: 0x28,
  i64Load: 0x29,
  i64Load8: 0x31,
  i64Load16: 0x33,
  i64Load32: 0x35,
  i32Store: 0x36,
  i64Store: 0x37,
  i64Store8: 0x3c,
  i64Store16: 0x3d,
  i64Store32: 0x3e,
  i32Eqz: 0x45,
  i32Eq: 0x46,
  i32Ne: 0x47,
  i32LtS: 0x48,
  i32LtU: 0x49,
  i32GeU: 0x4f,
  i64Eqz: 0x50,
  i64Eq: 0x51,
  i64Ne: 0x52,
  i64LtS: 0x53,
  i64LtU: 0x54,
  i64GtU: 0x56,
  i64GeU: 0x5a,
  f32Eq: 0x5b,
  f32Ne: 0x5c,
  f32Lt: 0x5d,
  f32Le: 0x5f,
  f64Eq: 0x61,
  f64Ne: 0x62,
  f64Lt: 0x63,
  f64Le: 0x65,
  i32Clz: 0x67,
  i32Ctz: 0x68,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32Mul: 0x6c,
  i32DivU: 0x6e,
  i32And: 0x71,
  i32Or: 0x72,
  i32Xor: 0x73,
  i32Shl: 0x74,
  i32ShrS: 0x75,
  i32ShrU: 0x76,
  i32Rotr: 0x78,
  i64Clz: 0x79,
  i64Ctz: 0x7a,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64Mul: 0x7e,
  i64DivS: 0x7f,
  i64DivU: 0x80,
  i64RemS: 0x81,
  i64RemU: 0x82,
  i64And: 0x83,
  i64Or: 0x84,
  i64Xor: 0x85,
  i64Shl: 0x86,
  i64ShrS: 0x87,
  i64ShrU: 0x88,
  i64Rotr: 0x8a,
  f32Ceil: 0x8d,
  f32Floor: 0x8e,
  f32Trunc: 0x8f,
  f32Nearest: 0x90,
  f32Sqrt: 0x91,
  f32Add: 0x92,
  f32Sub: 0x93,
  f32Mul: 0x94,
  f32Div: 0x95,
  f64Ceil: 0x9b,
  f64Floor: 0x9c,
  f64Trunc: 0x9d,
  f64Nearest: 0x9e,
  f64Sqrt: 0x9f,
  f64Add: 0xa0,
  f64Sub: 0xa1,
  f64Mul: 0xa2,
  f64Div: 0xa3,
  i32WrapI64: 0xa7,
  i64ExtendI32S: 0xac,
  i64ExtendI32U: 0xad,
  f32ConvertI64S: 0xb4,
  f32ConvertI64U: 0xb5,
  f32DemoteF64: 0xb6,
  f64ConvertI64S: 0xb9,
  f64ConvertI64U: 0xba,
  f64PromoteF32: 0xbb,
  i32ReinterpretF32: 0xbc,
  i64ReinterpretF64: 0xbd,
  f32ReinterpretI32: 0xbe,
  f64ReinterpretI64: 0xbf,
  i64Extend8S: 0xc2,
  i64Extend16S: 0xc3,
  i64Extend32S: 0xc4,
} as const;

/** Conversions to integers that saturate, and give 0 for NaNs: behind the prefix 0xfc. */
export const SAT = {
  i32F32S: 0,
  i32F32U: 1,
  i32F64S: 2,
  i32F64U: 3,
  i64F32S: 4,
  i64F32U: 5,
  i64F64S: 6,
  i64F64U: 7,
} as const;

const EMPTY = 0x40;

/** The instructions of a function's body, written one after the other. */
export class Code extends Bytes {
  /** How many blocks are open, for branches. */
  depth = 0;

  op(code: number): void {
    this.u8(code);
  }

  sat(code: number): void {
    this.u8(0xfc);
    this.u32(code);
  }

  get(local: number): void {
    this.u8(0x20);
    this.u32(local);
  }

  set(local: number): void {
    this.u8(0x21);
    this.u32(local);
  }

  tee(local: number): void {
    this.u8(0x22);
    this.u32(local);
  }

  i32(value: number): void {
    this.u8(0x41);
    this.s32(value);
  }

  i64(value: bigint): void {
    this.u8(0x42);
    this.s64(value);
  }

  /** A load or store; the address is on the stack, `offset` is added to it. No alignment is promised. */
  memory(code: number, offset: number): void {
    this.u8(code);
    this.u8(0);
    this.u32(offset);
  }

  block(): void {
    this.open(0x02);
  }

  loop(): void {
    this.open(0x03);
  }

  if(): void {
    this.open(0x04);
  }

  /** An `if` that leaves a value. */
  ifValue(type: ValueType): void {
    this.u8(0x04);
    this.u8(type);
    this.depth++;
  }

  else(): void {
    this.u8(0x05);
  }

  end(): void {
    this.u8(0x0b);
    this.depth--;
  }

  /** A branch to the block that was the `level`th to be opened, counted from 1. */
  br(level: number): void {
    this.u8(0x0c);
    this.u32(this.depth - level);
  }

  brIf(level: number): void {
    this.u8(0x0d);
    this.u32(this.depth - level);
  }

  brTable(levels: readonly number[], other: number): void {
    this.u8(0x0e);
    this.u32(levels.length);
    for (const level of levels) this.u32(this.depth - level);
    this.u32(this.depth - other);
  }

  call(index: number): void {
    this.u8(0x10);
    this.u32(index);
  }

  callIndirect(type: number): void {
    this.u8(0x11);
    this.u32(type);
    this.u8(0);
  }

  returnCall(index: number): void {
    this.u8(0x12);
    this.u32(index);
  }

  returnCallIndirect(type: number): void {
    this.u8(0x13);
    this.u32(type);
    this.u8(0);
  }

  private open(code: number): void {
    this.u8(code);
    this.u8(EMPTY);
    this.depth++;
  }
}
