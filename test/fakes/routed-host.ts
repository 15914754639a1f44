// A host in memory whose sockets lead to a kernel with links.

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
