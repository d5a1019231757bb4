// SPDX-License-Identifier: MIT
import { arch, cpus, platform, totalmem } from 'node:os';
import type { Command } from 'commander';
import { cacheFolder } from '../asm/pipeline/query-store.ts';
import { ROUTES } from '../asm/pipeline/route.ts';
import { modelVersion, VOUCH_VERSION } from '../asm/pipeline/version.ts';
import { addJson } from './options.ts';
import { EXIT, type ExitCode, printJson } from './outcome.ts';
import { TOOLS, toolVersion } from './tools.ts';

export function doctorCommand(program: Command, finish: (code: ExitCode) => void): void {
  const command = program.command('doctor').description('show which tools are there and what each is used for');
  addJson(command).action((flags: { readonly json?: boolean }) => finish(runDoctor(flags.json === true)));
}

function runDoctor(json: boolean): ExitCode {
  const tools = Object.values(TOOLS).map((tool) => ({
    command: tool.command,
    version: toolVersion(tool) ?? null,
    purpose: tool.purpose,
    package: tool.package,
  }));
  const here = {
    vouch: VOUCH_VERSION,
    model: modelVersion(),
    node: process.version,
    platform: `${platform()} ${arch()}`,
    cores: cpus().length,
    memoryMiB: Math.round(totalmem() / 2 ** 20),
    cache: cacheFolder(),
    routes: ROUTES.map((r) => `${r.source.name} to ${r.target.name}`),
  };
  if (json) {
    printJson({ command: 'doctor', exit: EXIT.ok, ...here, tools });
    return EXIT.ok;
  }
  const lines = [
    `vouch ${here.vouch}, models ${here.model}`,
    `node ${here.node} on ${here.platform}, ${here.cores} cores, ${here.memoryMiB} MiB`,
    `carries over: ${here.routes.join(', ')}`,
    `keeps what solvers proved in ${here.cache}`,
    '',
    'Translating and checking need none of these:',
  ];
  for (const t of tools) {
    const state = t.version === null ? `not installed (Debian: ${t.package})` : t.version;
    lines.push(`  ${t.command.padEnd(22)} ${t.purpose}`, `  ${''.padEnd(22)} ${state}`);
  }
  process.stdout.write(`${lines.join('\n')}\n`);
  return EXIT.ok;
}
