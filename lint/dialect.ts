/** A node of the syntax tree, as far as the rules here look at it. Source: the ESTree specification. */
interface VariableDeclarator {
  id: { type: string; name?: string };
}

interface RuleContext {
  report(problem: { node: unknown; message: string }): void;
}

/**
 * The project's own rules for the linter. `constant-names`: a constant is written like any other name, so that no reader has to wonder what
 * capitals mean; names that a destructuring takes from elsewhere, as `const { PATH } = process.env`, keep their spelling.
 */
const dialect = {
  meta: { name: "dialect" },
  rules: {
    "constant-names": {
      create(context: RuleContext) {
        return {
          VariableDeclarator(node: VariableDeclarator) {
            if (node.id.type === "Identifier" && /^[A-Z][A-Z0-9_]+$/.test(node.id.name ?? "")) {
              context.report({ node: node.id, message: "Write constants in camelCase." });
            }
          },
        };
      },
    },
  },
};

export default dialect;
