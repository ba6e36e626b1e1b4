import { ignoreFacts, olderNodeFacts } from "./chart-facts.ts";

olderNodeFacts();
ignoreFacts(100, 100);
