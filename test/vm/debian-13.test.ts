// The tests of installed.ts on Debian 13.

import { testInstalled } from "./installed.ts";

testInstalled("trixie", 13);
