internal import Foundation
internal import FuzzHarness

// Damaged images, and damaged tables and annotations of data sets. A value or a typed error of each; see FuzzCommand for the options.

let goldens = "Tests/ImagingTests/Goldens"
let command = FuzzCommand(
  name: "fuzz-images", fixtures: ["\(goldens)/images", "\(goldens)/pictures", "\(goldens)/medical"], crashes: "Tests/ImagingTests/Crashes", memoryLimit: 2 << 30
) { folders in
  ImageFormat.all(below: folders) + [NIfTIPairs(below: folders)].compactMap(\.self) + RunLengthTexts.all + DatasetFormat.all(below: folders)
}
exit(try command.run(Array(CommandLine.arguments.dropFirst())))
