// The format of .env files, as --env-file, process.loadEnvFile and util.parseEnv read it.
// https://nodejs.org/docs/latest-v24.x/api/environment_variables.html#dotenv

/** name → value. Lines that aren't assignments are passed over. */
export function parseDotenv(content: string): Record<string, string> {
  const result: Record<string, string> = {};
  const text = content.replaceAll('\r\n', '\n');
  let at = 0;
  const endOfLine = (from: number) => {
    const end = text.indexOf('\n', from);
    return end === -1 ? text.length : end;
  };
  while (at < text.length) {
    while (at < text.length && (text[at] === ' ' || text[at] === '\t' || text[at] === '\n' || text[at] === '\r')) {
      at++;
    }
    if (at >= text.length) {
      break;
    }
    const lineEnd = endOfLine(at);
    const equals = text.indexOf('=', at);
    if (text[at] === '#' || equals === -1 || equals > lineEnd) {
      at = lineEnd + 1;
      continue;
    }
    let name = text.slice(at, equals).trim();
    if (name.startsWith('export ')) {
      name = name.slice(7).trimStart();
    }
    if (name === '') {
      at = lineEnd + 1;
      continue;
    }
    at = equals + 1;
    while (at < lineEnd && (text[at] === ' ' || text[at] === '\t')) {
      at++;
    }
    const mark = text[at];
    if (at < text.length && (mark === '"' || mark === "'" || mark === '`')) {
      // A quoted value may span lines.
      const close = text.indexOf(mark, at + 1);
      if (close !== -1) {
        const value = text.slice(at + 1, close);
        result[name] = mark === '"' ? value.replaceAll('\\n', '\n') : value;
        at = endOfLine(close) + 1;
        continue;
      }
    }
    let value = text.slice(at, lineEnd);
    const comment = value.indexOf('#');
    if (comment !== -1) {
      value = value.slice(0, comment);
    }
    result[name] = value.trim();
    at = lineEnd + 1;
  }
  return result;
}
