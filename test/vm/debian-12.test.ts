// The tests of installed.ts on Debian 12.

import { testInstalled } from "./installed.ts";

testInstalled("bookworm", 12);
