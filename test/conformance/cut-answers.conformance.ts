import { cutAnswerFacts } from "./cut-answer-facts.ts";

cutAnswerFacts(100);
