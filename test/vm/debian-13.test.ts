// What installed.ts does, on Debian 13.

import { testInstalled } from "./installed.ts";

testInstalled("trixie", 13);
