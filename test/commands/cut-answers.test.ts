import { cutAnswerFacts } from "../conformance/cut-answer-facts.ts";

// `npm run conformance` takes a hundred.
cutAnswerFacts(8);
