import type { EditFunction } from '../action.ts';
import type { LineEditor } from '../editor.ts';
import { readableKey, visible } from '../key-names.ts';
import { textWidth } from '../width.ts';

/** Says what the next key is bound to. */
function dumpKey(editor: LineEditor, before = ''): void {
  editor.pendingKey = (_, raw) => {
    const keys = before + raw;
    const found = editor.keymap.lookUp(keys);
    if (found === 'more') {
      dumpKey(editor, keys);
      return;
    }
    const action = found ?? editor.keymap.fallback;
    const name = typeof action === 'string' ? action : typeof action === 'object' ? 'insert-macro' : '[function]';
    editor.print([`${readableKey(keys)}: ${name}`]);
  };
}

export const reports: Record<string, EditFunction> = {
  'dump-key'(editor) {
    dumpKey(editor);
  },
  'dump-macros'(editor) {
    const lines = editor.keymap.macros().map(([keys, macro]) => `"${visible(keys)}": "${visible(macro)}"`);
    editor.print(lines.length > 0 ? lines : ['# no macros defined']);
  },
  'dump-variables'(editor) {
    const options = Object.entries(editor.options).filter(([, value]) => typeof value !== 'function');
    editor.print(options.map(([name, value]) => `set ${name} ${String(value)}`));
  },
  'poe-wheel-debug'(editor) {
    const { host, cursor } = editor;
    const shown = textWidth(visible(editor.before));
    editor.print([`ID=${host.id} cursor_input(${cursor}) cursor_display(${shown}) term_columns(${host.columns})`]);
  },
  're-read-init-file'(editor) {
    editor.readInitFile();
  },
};
