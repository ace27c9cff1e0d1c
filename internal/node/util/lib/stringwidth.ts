// How many terminal columns a text takes, and texts without their escape sequences.

// CSI and OSC sequences (ECMA-48, sections 5.4 and 8.3.89): ESC or a C1 introducer, parameters, one final character.
const ansi = /[\u001B\u009B][[\]()#;?]*(?:(?:(?:(?:;[-a-zA-Z\d/#&.:=?%@~_]+)*|[a-zA-Z\d]+(?:;[-a-zA-Z\d/#&.:=?%@~_]*)*)?(?:\u0007|\u001B\u005C|\u009C))|(?:(?:\d{1,4}(?:;\d{0,4})*)?[\dA-PR-TZcf-nq-uy=><~]))/g;

/** text without escape sequences of terminals. */
export function stripAnsi(text: string): string {
  return text.includes('\u001B') || text.includes('\u009B') ? text.replace(ansi, '') : text;
}

// Wide and fullwidth ranges of Unicode's EastAsianWidth.txt (first, last, first, last, ...), for what \p{Emoji_Presentation} doesn't cover.
const wide = [
  0x1100, 0x115f, 0x2329, 0x232a, 0x2e80, 0x303e, 0x3041, 0x33ff, 0x3400, 0x4dbf, 0x4e00, 0xa4cf, 0xa960, 0xa97c, 0xac00, 0xd7a3,
  0xf900, 0xfaff, 0xfe10, 0xfe19, 0xfe30, 0xfe6b, 0xff01, 0xff60, 0xffe0, 0xffe6, 0x16fe0, 0x16fe4, 0x17000, 0x18cff, 0x18d00, 0x18d08,
  0x1aff0, 0x1b2ff, 0x1f200, 0x1f320, 0x20000, 0x2fffd, 0x30000, 0x3fffd,
];
const emoji = /^\p{Emoji_Presentation}$/u;
const nothing = /^[\p{Mn}\p{Me}\p{Cf}]$/u;

function columns(char: string): number {
  const code = char.codePointAt(0)!;
  if (code < 0x7f) {
    return code < 0x20 ? 0 : 1;
  }
  if (code < 0xa0) {
    return 0;
  }
  if (code < 0x300) {
    return code === 0xad ? 0 : 1;
  }
  if (nothing.test(char)) {
    return 0;
  }
  for (let i = 0; i < wide.length && code >= wide[i]; i += 2) {
    if (code <= wide[i + 1]) {
      return 2;
    }
  }
  return emoji.test(char) ? 2 : 1;
}

/** The columns that text takes. removeControlChars: whether escape sequences count as nothing. */
export function getStringWidth(text: string, removeControlChars = true): number {
  if (removeControlChars) {
    text = stripAnsi(text);
  }
  let plain = true;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x7f || code < 0x20) {
      plain = false;
      break;
    }
  }
  if (plain) {
    return text.length;
  }
  let width = 0;
  for (const char of text.normalize('NFC')) {
    width += columns(char);
  }
  return width;
}
