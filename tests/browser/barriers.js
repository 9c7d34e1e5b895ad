// What axe-core says about a part of a page, by every rule that is not deprecated: WCAG 2.0 to 2.2
// at A, AA and AAA, best practices, and experiments. What axe cannot decide ("incomplete") counts as
// well, with three exceptions, each with a test of its own in test_accessibility.py.
// "hidden-content" reports that something is hidden: a test opens all of it.
// "css-orientation-lock" reads stylesheets in a way that fails here: a test reads them.
// Text in a drawing has no background that axe can find: measure.drawing() measures it.
async (within) => {
  const leftOut = [...axe.getRules(["deprecated"]).map((rule) => rule.ruleId), "hidden-content",
    "css-orientation-lock"];
  const result = await axe.run(within, {
    preload: false,
    elementRef: true,
    resultTypes: ["violations", "incomplete"],
    rules: Object.fromEntries(axe.getRules().map(({ ruleId }) =>
      [ruleId, { enabled: !leftOut.includes(ruleId) }])),
  });
  return ["violations", "incomplete"].flatMap((kind) => result[kind].flatMap((rule) =>
    rule.nodes
      .filter((node) => kind === "violations" || !node.element.closest(".drawing"))
      .map((node) => [rule.id, node.target.join(" "), node.failureSummary ?? ""].join(" | "))));
}
