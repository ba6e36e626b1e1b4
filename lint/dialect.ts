/** The parts of a syntax tree node that the rules here use. Source: the ESTree specification. */
interface VariableDeclarator {
  id: { type: string; name?: string };
}

interface RuleContext {
  report(problem: { node: unknown; message: string }): void;
}

/**
 * The project's own rules for the linter. `constant-names`: a constant is written like any other name, so that capitals have no
 * special meaning. Names from a destructuring, such as `const { PATH } = process.env`, keep their spelling.
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
