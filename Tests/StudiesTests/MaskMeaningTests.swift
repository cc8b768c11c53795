import Studies
import Testing

@Suite("A study says what the levels of its masks are, and which findings on its data it has read")
struct MaskMeaningTests {
  private func study(_ data: String) -> String {
    "initializations: {random: random}\ntasks:\n  a: {kind: binarySegmentation, data: \(data)}\n"
  }

  private func meaning(_ keys: String) throws -> MaskMeaning? {
    try StudyText.decode(study("{maskFolders: {training: {images: a, masks: b}, \(keys)}}")).tasks[0].data.maskMeaning
  }

  @Test("Labels with one level or several, ignored levels, colors and opacity are read; what is object follows")
  func keys() throws {
    let labels = try #require(try meaning("labels: {lung: 1, heart: [2, 3], background: 7}, ignore: 255"))
    #expect(labels == MaskMeaning(labels: ["lung": [1], "heart": [2, 3], "background": [7]], ignore: [255]))
    #expect(labels.objectLevels == [1, 2, 3] && labels.knownLevels == [1, 2, 3, 7, 255] && !labels.isAutomatic)
    let chosen = try #require(try meaning("labels: {lung: 1, heart: 2}, object: [heart], ignore: [9, 10]"))
    #expect(chosen.objectLevels == [2] && chosen.knownLevels == [0, 1, 2, 9, 10])
    #expect(try meaning("color: '#ff8000'")?.color == 0xFF8000 && meaning("color: [255, 128, 0]")?.color == 0xFF8000)
    #expect(try meaning("threshold: alpha")?.threshold == .alpha && meaning("threshold: 127")?.threshold == .above(127))
    #expect(try meaning("threshold: 0.5")?.threshold == .aboveNumber(0.5))
    #expect(try meaning("pairing: sameStem") == MaskMeaning())
  }

  @Test("A manifest says the same under maskLabels, and its split may keep copies together")
  func manifest() throws {
    let task = try StudyText.decode(
      study("{accept: [masks.empty, files.unused], manifest: {file: t.csv, maskColumn: m, maskLabels: {x: 1}, ignore: 2, split: {keepTogether: copies}}}")
    ).tasks[0]
    #expect(task.data.maskMeaning == MaskMeaning(labels: ["x": [1]], ignore: [2]) && task.data.split.keepTogether == .copies)
    #expect(task.acceptedFindings == ["masks.empty", "files.unused"])
  }

  @Test(
    "What does not fit together is refused",
    arguments: [
      ("labels: {x: 1}, threshold: nonZero", "What is object in a mask is said by threshold and by labels. Keep one of them."),
      ("labels: {x: 1}, object: [y]", "The object “y” is none of the labels. Name some of labels' names: x."),
      ("labels: {background: 1}", "The labels name nothing but the background. Add the level of the object, such as {lung: 1}."),
      ("labels: {x: 1}, ignore: 1", "The level 1 of the masks is named twice. Name each level once, under labels or ignore."),
      ("color: red", "is “red”, not a color. Write red as '#ff0000', with the quotes, or as [255, 0, 0]."),
      ("labels: {x: -1}", "not a level from 0 to 65535, or several. Give the levels as in 255 or [254, 255]."),
    ])
  func mistakes(keys: String, sentence: String) {
    let found = StudyText.violations(study("{maskFolders: {training: {images: a, masks: b}, \(keys)}}"))
    #expect(found.contains { $0.contains(sentence) }, "\(found)")
  }
}
