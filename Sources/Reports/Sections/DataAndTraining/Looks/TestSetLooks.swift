internal import Foundation

/// How often a test set was looked at: the recipe of this report, every other one whose runs on the same test images lie, finished,
/// below the same output, and every recipe whose runs were asked about these images with `medtransfer evaluate`.
///
/// Who changes a recipe after a look and reports the better result reports a test set that helped to choose. More seeds or
/// initializations of the same recipe are no further look; runs that were deleted cannot be counted.
struct TestSetLooks: Codable, Hashable, Sendable {
  /// A recipe that is not this report's.
  struct Look: Codable, Hashable, Sendable {
    enum Order: String, Codable, Sendable, CaseIterable { case before, beside, after, unknown }

    struct Change: Codable, Hashable, Sendable {
      /// The key in `cell.json`, such as `recipe.epochs`; `name` where a task has another name now; `start` where an
      /// initialization starts from something else.
      let key: String
      let other: String
      let this: String
    }

    let changes: [Change]
    let runs: Int
    /// Whether its runs ended before those of this report began.
    let order: Order

    /// For an order: earlier ones first.
    var place: (Int, String) {
      (Order.allCases.firstIndex(of: order) ?? 0, changes.map { "\($0.key) \($0.other) \($0.this)" }.joined(separator: "\n"))
    }
  }

  let others: [Look]
  /// Runs of other tasks that were asked about these test images.
  let asked: [AskedLook]
  /// Finished runs of the task on other test images, and on data of which no split is kept: they are no looks at this test set, or
  /// cannot be told to be.
  let runsOnOtherTestImages: Int
  let runsOnUnknownData: Int

  var count: Int { 1 + others.count + asked.count }
  /// Whether another recipe was tried on these test images.
  var isRepeated: Bool { !others.isEmpty || asked.contains { !$0.changes.isEmpty } }
}
