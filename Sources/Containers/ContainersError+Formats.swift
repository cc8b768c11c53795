/// The sentences of the containers that are not torch's.
extension ContainersError {
  /// `reason` goes on after “but”.
  static func malformed(_ kind: ContainerKind, _ reason: String) -> ContainersError {
    ContainersError(.malformedContainer, "The file should be \(kind.description), but \(reason).", remedy: fetchAgain)
  }

  /// Something that the format allows and that no published network uses.
  static func unsupported(_ kind: ContainerKind, _ reason: String) -> ContainersError {
    ContainersError(
      .unsupportedContainer, "The file is \(kind.description), but \(reason).", remedy: kind.resaveAdvice)
  }

  static func checksum(array: String) -> ContainersError {
    ContainersError(
      .checksum, "The array \(array) is damaged: its CRC-32C does not match its bytes.", remedy: fetchAgain)
  }

  static func noTemporaryFile(_ path: String, reason: String) -> ContainersError {
    ContainersError(
      .unreadable, "The checkpoint cannot be unpacked to the temporary file \(path): \(reason).",
      remedy: "Free space there, or set TMPDIR to a folder with room.")
  }

  static func missingPart(_ name: String) -> ContainersError {
    ContainersError(
      .missingPart, "The checkpoint's part \(name) is not beside it.", remedy: "Put all files of the checkpoint into one folder.")
  }

  static func partOutsideFolder(_ name: String) -> ContainersError {
    ContainersError(
      .malformedContainer, "The checkpoint names the part “\(name)”, which is not a plain file name.",
      remedy: "Get the file again from its publisher; nothing outside its folder is opened.")
  }
}
