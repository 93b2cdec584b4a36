// What the type checker does not see: promises that nobody waits for, rules of hooks, and `!`, which says that
// something is there without looking.
import js from '@eslint/js'
import hooks from 'eslint-plugin-react-hooks'
import { fileURLToPath } from 'node:url'
import tseslint from 'typescript-eslint'

const GLOBALS = `Buffer Event URL URLSearchParams console devicePixelRatio dispatchEvent document getComputedStyle innerWidth
  location navigator performance process requestAnimationFrame scrollTo setTimeout
  structuredClone`
const globals = Object.fromEntries(GLOBALS.split(/\s+/).map((name) => [name, 'readonly']))

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/src/**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    plugins: { 'react-hooks': hooks },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: fileURLToPath(new URL('.', import.meta.url)) }
    },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error'
    }
  },
  // Scripts of node; what they hand to the browser is in them too.
  { files: ['**/*.mjs'], languageOptions: { globals } }
)
