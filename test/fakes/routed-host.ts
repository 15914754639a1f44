// A host in memory with a kernel that has links.

import { type FakeHost, type FakeHostOptions, makeFakeHost } from "./host.ts";
import type { FakeLink } from "./link-message.ts";
import { makeRouteKernel, type RouteKernel } from "./route-kernel.ts";

export interface RoutedHost extends FakeHost {
  readonly kernel: RouteKernel;
}

export function makeRoutedHost(
  tree: string,
  links: readonly FakeLink[] = [],
  options: FakeHostOptions = {},
): RoutedHost {
  const host = makeFakeHost({ tree, ...options });
  return { ...host, kernel: makeRouteKernel(host.sockets, ...links) };
}
