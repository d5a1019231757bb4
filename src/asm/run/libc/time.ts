// SPDX-License-Identifier: MIT
import type { CallArguments } from './arguments.ts';
import { type Functions, int, long } from './define.ts';
import { fromLatin1 } from './memory.ts';
import type { Process } from './process.ts';

/** <time.h>; the time zone is UTC. */

interface Calendar {
  readonly sec: number;
  readonly min: number;
  readonly hour: number;
  readonly mday: number;
  readonly mon: number;
  readonly year: number;
  readonly wday: number;
  readonly yday: number;
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = 'January February March April May June July August September October November December'.split(' ');

function calendarOf(seconds: number): Calendar {
  const d = new Date(seconds * 1000);
  const start = Date.UTC(d.getUTCFullYear(), 0, 1);
  return {
    sec: d.getUTCSeconds(),
    min: d.getUTCMinutes(),
    hour: d.getUTCHours(),
    mday: d.getUTCDate(),
    mon: d.getUTCMonth(),
    year: d.getUTCFullYear() - 1900,
    wday: d.getUTCDay(),
    yday: Math.floor((d.getTime() - start) / 86_400_000),
  };
}

/** `struct tm`: nine ints, then the offset and the name of the zone. */
function store(p: Process, at: number, c: Calendar): number {
  const fields = [c.sec, c.min, c.hour, c.mday, c.mon, c.year, c.wday, c.yday, 0];
  for (const [i, v] of fields.entries()) p.memory.setI32(at + 4 * i, v);
  p.memory.setU64(at + 40, 0n);
  p.memory.setPointer(at + 48, p.text('zone', 'GMT'));
  return at;
}

function read(p: Process, at: number): Calendar {
  const field = (i: number): number => p.memory.i32(at + 4 * i);
  const [sec, min, hour, mday, mon, year, wday, yday] = [0, 1, 2, 3, 4, 5, 6, 7].map(field);
  return {
    sec: sec ?? 0,
    min: min ?? 0,
    hour: hour ?? 0,
    mday: mday ?? 0,
    mon: mon ?? 0,
    year: year ?? 0,
    wday: wday ?? 0,
    yday: yday ?? 0,
  };
}

/** Seconds since 1970 of fields that may be out of range; they are brought into range in place. */
function normalise(p: Process, at: number): bigint {
  const c = read(p, at);
  const date = new Date(0);
  date.setUTCFullYear(c.year + 1900, c.mon, c.mday);
  date.setUTCHours(c.hour, c.min, c.sec);
  const seconds = date.getTime() / 1000;
  store(p, at, calendarOf(seconds));
  return BigInt(seconds);
}

const two = (n: number): string => String(n).padStart(2, '0');
const asctime = (c: Calendar): string =>
  `${DAYS[c.wday]?.slice(0, 3)} ${MONTHS[c.mon]?.slice(0, 3)} ${String(c.mday).padStart(2)} ${two(c.hour)}:${two(c.min)}:${two(c.sec)} ${c.year + 1900}\n`;

function weekNumber(c: Calendar, first: 0 | 1): number {
  return Math.floor((c.yday + 7 - ((c.wday + 7 - first) % 7)) / 7);
}

/** The year and the week of ISO 8601. */
function isoWeek(c: Calendar): { readonly year: number; readonly week: number } {
  const year = c.year + 1900;
  const weekday = (c.wday + 6) % 7;
  const week = Math.floor((c.yday - weekday + 10) / 7);
  const weeksIn = (y: number): number => {
    const dec31 = new Date(Date.UTC(y, 11, 31)).getUTCDay();
    const jan1 = new Date(Date.UTC(y, 0, 1)).getUTCDay();
    return dec31 === 4 || jan1 === 4 ? 53 : 52;
  };
  if (week < 1) return { year: year - 1, week: weeksIn(year - 1) };
  return week > weeksIn(year) ? { year: year + 1, week: 1 } : { year, week };
}

function formatTime(format: string, c: Calendar): string {
  const hour12 = c.hour % 12 === 0 ? 12 : c.hour % 12;
  const expand = (text: string): string =>
    text.replace(/%[EO]?(.)/gs, (all, kind: string) => {
      switch (kind) {
        case 'a':
          return DAYS[c.wday]?.slice(0, 3) ?? '?';
        case 'A':
          return DAYS[c.wday] ?? '?';
        case 'b':
        case 'h':
          return MONTHS[c.mon]?.slice(0, 3) ?? '?';
        case 'B':
          return MONTHS[c.mon] ?? '?';
        case 'c':
          return expand('%a %b %e %H:%M:%S %Y');
        case 'C':
          return two(Math.floor((c.year + 1900) / 100));
        case 'd':
          return two(c.mday);
        case 'D':
        case 'x':
          return expand('%m/%d/%y');
        case 'e':
          return String(c.mday).padStart(2);
        case 'F':
          return expand('%Y-%m-%d');
        case 'g':
          return two(isoWeek(c).year % 100);
        case 'G':
          return String(isoWeek(c).year);
        case 'H':
          return two(c.hour);
        case 'I':
          return two(hour12);
        case 'j':
          return String(c.yday + 1).padStart(3, '0');
        case 'm':
          return two(c.mon + 1);
        case 'M':
          return two(c.min);
        case 'n':
          return '\n';
        case 'p':
          return c.hour < 12 ? 'AM' : 'PM';
        case 'r':
          return expand('%I:%M:%S %p');
        case 'R':
          return expand('%H:%M');
        case 'S':
          return two(c.sec);
        case 't':
          return '\t';
        case 'T':
        case 'X':
          return expand('%H:%M:%S');
        case 'u':
          return String(c.wday === 0 ? 7 : c.wday);
        case 'U':
          return two(weekNumber(c, 0));
        case 'V':
          return two(isoWeek(c).week);
        case 'w':
          return String(c.wday);
        case 'W':
          return two(weekNumber(c, 1));
        case 'y':
          return two(c.year % 100);
        case 'Y':
          return String(c.year + 1900);
        case 'z':
          return '+0000';
        case 'Z':
          return 'GMT';
        case '%':
          return '%';
        default:
          return all;
      }
    });
  return expand(format);
}

const secondsAt = (p: Process, a: CallArguments): number => Number(BigInt.asIntN(64, p.memory.u64(a.size())));

function setTimespec(p: Process, at: number, seconds: number): void {
  const whole = Math.floor(seconds);
  p.memory.setU64(at, BigInt(whole));
  p.memory.setU64(at + 8, BigInt(Math.floor((seconds - whole) * 1e9)));
}

export const timeFunctions: Functions = {
  time: long((p, a) => {
    const at = a.size();
    const now = BigInt(Math.floor(p.world.now()));
    if (at !== 0) p.memory.setU64(at, now);
    return now;
  }),
  clock: long((p) => BigInt(Math.floor(p.world.clock() * 1e6))),
  clock_gettime: int((p, a) => {
    const kind = a.int();
    setTimespec(p, a.size(), kind === 0 ? p.world.now() : p.world.clock());
    return 0;
  }),
  gettimeofday: int((p, a) => {
    const at = a.size();
    const now = p.world.now();
    p.memory.setU64(at, BigInt(Math.floor(now)));
    p.memory.setU64(at + 8, BigInt(Math.floor((now % 1) * 1e6)));
    return 0;
  }),
  gmtime: long((p, a) => store(p, p.space('tm', 56), calendarOf(secondsAt(p, a)))),
  localtime: long((p, a) => store(p, p.space('tm', 56), calendarOf(secondsAt(p, a)))),
  gmtime_r: long((p, a) => {
    const seconds = secondsAt(p, a);
    return store(p, a.size(), calendarOf(seconds));
  }),
  localtime_r: long((p, a) => {
    const seconds = secondsAt(p, a);
    return store(p, a.size(), calendarOf(seconds));
  }),
  mktime: long((p, a) => normalise(p, a.size())),
  timegm: long((p, a) => normalise(p, a.size())),
  tzset: int(() => 0),
  asctime: long((p, a) => p.text('asctime', asctime(read(p, a.size())))),
  ctime: long((p, a) => p.text('asctime', asctime(calendarOf(secondsAt(p, a))))),
  strftime: long((p, a) => {
    const [to, size, format, at] = [a.size(), a.size(), p.memory.text(a.size()), a.size()];
    const text = formatTime(format, read(p, at));
    if (text.length + 1 > size) return 0;
    p.memory.writeString(to, fromLatin1(text));
    return text.length;
  }),
};
