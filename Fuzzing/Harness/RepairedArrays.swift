public import Foundations

/// Damage to an array of a NumPy archive whose members are stored: to its header as text, or anywhere; its checksum is made right again.
public enum RepairedArrays {
  /// nil for a file that is no such archive.
  public static func mutated(_ original: [UInt8], donor: [UInt8], with generator: inout SeededGenerator) -> [UInt8]? {
    guard var members = RepairedMutation.members(original), !members.isEmpty, members.allSatisfy({ $0.method == 0 }) else { return nil }
    let changed = generator.integer(below: members.count), data = members[changed].data
    switch generator.integer(below: 4) {
    case 0: members[changed].data = FileMutation.mutated(data, donor: donor, structure: 0..<data.count, with: &generator)
    case 1: members[changed].data = members[generator.integer(below: members.count)].data
    case 2: members[changed].name = TextMutation.mutated(members[changed].name, donor: members[0].name, with: &generator)
    default:
      // The text of the header and its length before it.
      let start = min(10, data.count), end = data.firstIndex(of: 0x0A).map { $0 + 1 } ?? data.count
      guard start <= end else { return nil }
      let header = TextMutation.mutated(Array(data[start..<end]), donor: Array(data[start..<end]), with: &generator)
      let length = [UInt8].number(header.count, width: 2)
      members[changed].data = Array(data.prefix(min(8, data.count))) + length + header + data[end...]
    }
    let isDeflated = generator.integer(below: 2) == 0
    return StoredArchives.zip(members.map { (String(decoding: $0.name, as: UTF8.self), $0.data) }, isDeflated: isDeflated)
  }
}
