internal import Foundation
internal import FuzzHarness

// Damaged checkpoints of every container. A value or a ContainersError of each; see FuzzCommand for the options.

let goldens = "Tests/ContainersTests/Goldens"
let command = FuzzCommand(name: "fuzz-checkpoints", fixtures: [goldens], crashes: "\(goldens)/Crashes", memoryLimit: 1 << 30) {
  CheckpointFormat.all(below: $0)
}
exit(try command.run(Array(CommandLine.arguments.dropFirst())))
