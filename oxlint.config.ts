import { defineConfig } from "oxlint";
import { layerRules } from "./lint/layer-rules.ts";

export default defineConfig({
  plugins: ["eslint", "oxc", "typescript", "unicorn", "import", "node", "promise", "vitest"],
  jsPlugins: [new URL("lint/dialect.ts", import.meta.url).pathname],
  categories: {
    correctness: "error",
    suspicious: "error",
  },
  env: {
    node: true,
    es2024: true,
  },
  ignorePatterns: ["node_modules", "toolchain/go", ".sandbox"],
  rules: {
    "dialect/constant-names": "error",
    curly: "error",
    eqeqeq: "error",
    "no-var": "error",
    "prefer-const": "error",
    "no-eval": "error",
    "no-debugger": "error",
    "no-console": "off",
    "no-empty": "error",
    "no-else-return": "off",
    "import/no-default-export": "error",
    "import/no-cycle": "error",
    "import/no-self-import": "error",
    "import/first": "error",
    "node/no-new-require": "error",
    "typescript/no-explicit-any": "error",
    "typescript/no-non-null-assertion": "error",
    "typescript/consistent-type-imports": "error",
    "typescript/no-namespace": "error",
    "typescript/ban-ts-comment": "error",
    "unicorn/prefer-node-protocol": "error",
    "unicorn/throw-new-error": "error",
    "unicorn/error-message": "error",
    "vitest/no-focused-tests": "error",
    "vitest/no-disabled-tests": "error",
    "vitest/no-conditional-tests": "error",
    "vitest/no-identical-title": "error",
    "vitest/expect-expect": [
      "error",
      {
        assertFunctionNames: ["expect", "expect*"],
      },
    ],
    "vitest/valid-expect": [
      "error",
      {
        maxArgs: 2,
      },
    ],
    "vitest/valid-title": [
      "error",
      {
        ignoreTypeOfDescribeName: true,
        ignoreTypeOfTestName: true,
      },
    ],
    "no-control-regex": "off",
    "no-underscore-dangle": "off",
    "promise/always-return": "off",
    "unicorn/consistent-function-scoping": "off",
    "unicorn/no-array-sort": "off",
    "unicorn/prefer-string-starts-ends-with": "off",
    "unicorn/no-array-reverse": "off",
    "vitest/require-to-throw-message": "off",
    "vitest/no-standalone-expect": "off",
    "no-restricted-properties": [
      "error",
      {
        property: "execSync",
        message: "It stops everything else until it is done.",
      },
      {
        property: "spawnSync",
        message: "It stops everything else until it is done.",
      },
      {
        property: "execFileSync",
        message: "It stops everything else until it is done.",
      },
    ],
  },
  overrides: [
    ...layerRules(),
    {
      files: ["index.ts", "**/*.config.ts", "lint/dialect.ts", "test/support/closing-line.ts"],
      rules: {
        "import/no-default-export": "off",
      },
    },
    {
      files: ["**/*.mjs"],
      rules: {
        "unicorn/require-module-specifiers": "off",
      },
    },
    {
      files: ["test/**"],
      rules: {
        // Vitest reads the first parameter of a hook and accepts nothing but a pattern.
        "no-empty-pattern": ["error", { allowObjectPatternsAsParameters: true }],
        "no-unmodified-loop-condition": "off",
        "typescript/no-non-null-assertion": "off",
      },
    },
  ],
});
