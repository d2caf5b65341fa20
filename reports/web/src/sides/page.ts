import type { ReportData } from "../generated/report";
import { h } from "../page/dom";
import type { Route } from "../page/route";

export function sidesPage(outlet: HTMLElement, _report: ReportData, _route: Route): void {
  outlet.append(h("p", {}, "sides"));
}
