/**
 * Lua as Argo CD runs it: scripts in gopher-lua, the engine that it has built in, with `obj` and nothing of Lua but what Argo CD opens for
 * customizations: the libraries `base` and `table`. There are no `string`, `os`, `io` or `math`, and strings have no methods. What is
 * returned becomes JSON by the rules of the encoder of Argo CD, in which an empty table is an empty list.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setUp } from '../cluster/setUp.ts';
import { runCommand } from '../fleet/command.ts';

export interface Run {
  readonly script: string;
  /** What is `obj` there. */
  readonly object: unknown;
}

export type Outcome =
  { readonly is: 'returned'; readonly value: unknown } | { readonly is: 'threw'; readonly error: string };

let glua: Promise<string> | undefined;

/** The outcomes of scripts, none of which sees anything of another, in the order in which they were given. */
export async function runLua(runs: readonly Run[]): Promise<Outcome[]> {
  glua ??= setUp('glua');
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-lua-'));
  try {
    const file = join(folder, 'runs.lua');
    const calls = runs.map(({ script, object }) => `run(${luaOf(script)}, function() return ${luaOf(object)} end)\n`);
    await writeFile(file, `${harness}${calls.join('')}`);
    const { code, stdout, stderr } = await runCommand([join(await glua, 'glua'), file]);
    const lines = stdout.trimEnd().split('\n');
    if (code !== 0 || lines.length !== runs.length)
      throw new Error(`glua ends with ${code}: ${stdout.slice(-2000)}${stderr}`);
    return lines.map((line) => JSON.parse(line) as Outcome);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const harness = `
local byte, format, gsub = string.byte, string.format, string.gsub
local compile, confine, call, show = loadstring, setfenv, pcall, print
local opened = { "assert", "error", "getfenv", "getmetatable", "ipairs", "next", "pairs", "pcall", "rawequal", "rawget", "rawset", "select",
  "setfenv", "setmetatable", "tonumber", "tostring", "type", "unpack", "xpcall", "table" }
getmetatable("").__index = nil

local function quoted(text)
  return '"' .. gsub(text, '[%c"\\\\]', function(found) return format("\\\\u%04x", byte(found)) end) .. '"'
end

local function json(value)
  local is = type(value)
  if is == "string" then return quoted(value) end
  if is == "number" then return format("%.17g", value) end
  if is == "nil" then return "null" end
  if is ~= "table" then return tostring(value) end
  local first, parts = next(value), {}
  if first == nil then return "[]" end
  if type(first) == "number" then
    for _, item in ipairs(value) do table.insert(parts, json(item)) end
    return "[" .. table.concat(parts, ",") .. "]"
  end
  for key, item in pairs(value) do table.insert(parts, quoted(key) .. ":" .. json(item)) end
  return "{" .. table.concat(parts, ",") .. "}"
end

local function run(script, object)
  local environment = { obj = object() }
  for _, name in ipairs(opened) do environment[name] = _G[name] end
  environment._G = environment
  local compiled, problem = compile(script)
  if not compiled then return show(json({ is = "threw", error = problem })) end
  local ran, value = call(confine(compiled, environment))
  if ran then show('{"is":"returned","value":' .. json(value) .. '}')
  else show(json({ is = "threw", error = tostring(value) })) end
end
`;

/** A value of JSON as Lua writes it. What is null is not there, as in Argo CD. Keys are given to items too: so none waits in a register. */
function luaOf(value: unknown): string {
  if (value === null || value === undefined) return 'nil';
  if (typeof value === 'string') return quotedForLua(value);
  if (typeof value !== 'object') return JSON.stringify(value);
  const entries = Array.isArray(value)
    ? value
        .filter((item) => item !== null && item !== undefined)
        .map((item, index) => [`${index + 1}`, item as unknown])
    : Object.entries(value).map(([key, item]: [string, unknown]) => [quotedForLua(key), item]);
  return `{${entries.map(([key, item]) => `[${String(key)}]=${luaOf(item)}`).join(',')}}`;
}

function quotedForLua(text: string): string {
  const bytes = [...Buffer.from(text)];
  const plain = (code: number): boolean => code >= 0x20 && code < 0x7f && code !== 0x22 && code !== 0x5c;
  return `"${bytes.map((code) => (plain(code) ? String.fromCharCode(code) : `\\${String(code).padStart(3, '0')}`)).join('')}"`;
}
