// SPDX-License-Identifier: MIT

/** What the pipeline is doing, for who wants to watch. */
export type ProgressEvent =
  | { readonly kind: 'reading' | 'lowering' | 'reading-target'; readonly file: string }
  | { readonly kind: 'checked'; readonly file: string; readonly blocks: number; readonly of: number }
  | { readonly kind: 'done'; readonly file: string };

export type Progress = (event: ProgressEvent) => void;
