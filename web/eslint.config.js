import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules/", "dist/"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ["packages/**/*.{ts,tsx}"] })),
  {
    files: ["packages/**/*.{ts,tsx}"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-confusing-void-expression": "off", // `onClick={() => close()}` is how handlers are written
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false, properties: false } }],
      "@typescript-eslint/no-non-null-assertion": "error",
      eqeqeq: "error",
    },
  },
  { files: ["*.js", "scripts/*.mjs"], languageOptions: { globals: { console: "readonly", process: "readonly", URL: "readonly", Buffer: "readonly" } } },
  { files: ["packages/*/test/**"], rules: { "@typescript-eslint/require-await": "off", "@typescript-eslint/only-throw-error": "off", "@typescript-eslint/no-non-null-assertion": "off", "@typescript-eslint/prefer-promise-reject-errors": "off" } },
);
