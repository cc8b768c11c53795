import DatasetFixtures
import Testing

extension Tag {
  /// Runs on real images, which lie outside the repository.
  @Tag static var data: Self
}

extension Trait where Self == ConditionTrait {
  /// Left out, with a sentence, where there are no real images.
  static var realImages: Self { .enabled(if: RealData.isThere, Comment(rawValue: RealData.absence)) }
}
