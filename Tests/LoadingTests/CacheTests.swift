import DatasetFixtures
import Foundation
import Foundations
import Imaging
import Studies
import Testing

@testable import Datasets
@testable import Loading

@Suite("The cache of decoded images")
struct CacheTests {
  /// Images of several sizes, depths and channels by formula, with masks.
  static func samples(in data: TemporaryData, count: Int = 6) throws -> [Sample] {
    try (0..<count).map { number in
      let (width, height) = (90 + 7 * number, 80 + 5 * number)
      let isDeep = number % 3 == 1, channels = number % 3 == 2 ? 3 : 1
      let values = (0..<width * height * channels).map { ($0 * 37 + $0 / width * 11 + number * 101) & 0xFFFF }
      let image = data.url.appendingPathComponent("image\(number).png"), mask = data.url.appendingPathComponent("mask\(number).png")
      try ImageFile.writePNG(
        PixelBuffer(
          width: width, height: height, channels: channels, bitDepth: isDeep ? 16 : 8,
          samples: isDeep ? .words(values.map { UInt16($0) }) : .bytes(values.map { UInt8($0 & 255) })), to: image)
      let spot = (0..<width * height).map { UInt8(($0 % width) / 20 % 2 == ($0 / width) / 15 % 2 ? 255 : 0) }
      try ImageFile.writePNG(PixelBuffer(width: width, height: height, channels: 1, bitDepth: 8, samples: .bytes(spot)), to: mask)
      return Sample(id: "image\(number).png", image: ImageReference(image), mask: MaskReference(mask), labels: [1], byteCount: 1)
    }
  }

  static func recipe(_ kind: TaskKind, reducedSize: Int? = nil) -> Recipe {
    var recipe = Recipe.standard(for: kind)
    recipe.inputSize = 32
    recipe.resizeSize = kind.isSegmentation ? 32 : 40
    recipe.reducedSize = reducedSize
    return recipe
  }

  /// Every sample at every stage, from files and from the cache.
  private func compare(_ samples: [Sample], _ recipe: Recipe, _ kind: TaskKind, _ cache: SampleCache) throws {
    for stage in DatasetPart.allCases {
      let plain = try SamplePipeline(recipe: recipe, kind: kind, stage: stage, keepsOriginals: true)
      let cached = try SamplePipeline(recipe: recipe, kind: kind, stage: stage, cache: cache, keepsOriginals: true)
      for sample in samples {
        for seed in 0..<3 { #expect(try cached.load(sample, seed: SeedPath(seed)) == plain.load(sample, seed: SeedPath(seed))) }
      }
    }
  }

  @Test(
    "What comes from the cache is to the bit what comes from the files, original or reduced, with masks or without",
    arguments: [TaskKind.binaryClassification, .binarySegmentation], [nil, 48] as [Int?])
  func equality(kind: TaskKind, reducedSize: Int?) throws {
    let data = try TemporaryData()
    let samples = try Self.samples(in: data)
    let recipe = Self.recipe(kind, reducedSize: reducedSize)
    let cache = try ImageCache(folder: data.url.appendingPathComponent("cache"))
    let prepared = try cache.prepare(samples, recipe: recipe, threads: 3, shardLimit: 20_000)
    #expect(prepared.count == samples.count)
    try compare(samples, recipe, kind, prepared)
    // The files are not needed any more: what is compared does come from the cache.
    let pipeline = try SamplePipeline(recipe: recipe, kind: kind, stage: .training, cache: prepared)
    for sample in samples {
      for file in sample.image.files + (sample.mask?.files ?? []) { try FileManager.default.removeItem(at: file) }
      #expect(throws: Never.self) { try pipeline.load(sample, seed: SeedPath(1)) }
    }
  }

  @Test("Reducing keeps proportions, the depth of 8 or 16 bits, and images that are small already")
  func reduction() throws {
    let reduction = try #require(ImageReduction(Self.recipe(.binaryClassification, reducedSize: 48)))
    let (tall, small) = (reduction.reducedSize(width: 96, height: 192), reduction.reducedSize(width: 47, height: 300))
    #expect(tall.width == 48 && tall.height == 96 && small.width == 47 && small.height == 300)
    let deep = try PixelBuffer(width: 96, height: 96, channels: 1, bitDepth: 12, samples: .words([UInt16](repeating: 4095, count: 96 * 96)))
    let reduced = try reduction.apply(to: deep)
    #expect(reduced.width == 48 && reduced.bitDepth == 16 && reduced[3, 3, 0] == 65535)
  }

  @Test("Any number of threads writes the same files, and a second building writes none")
  func determinism() throws {
    let data = try TemporaryData()
    let samples = try Self.samples(in: data)
    let recipe = Self.recipe(.binarySegmentation)
    func contents(_ name: String) throws -> [String: Data] {
      let folder = data.url.appendingPathComponent(name)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".shard") }
      return try Dictionary(uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: folder.appendingPathComponent($0))) })
    }
    for (name, threads) in [("one", 1), ("four", 4)] {
      _ = try ImageCache(folder: data.url.appendingPathComponent(name)).prepare(samples, recipe: recipe, threads: threads, shardLimit: 30_000)
    }
    let one = try contents("one")
    #expect(one.count > 1)
    #expect(try one == contents("four"))
    // Files younger than two seconds are read again for their digest, but nothing is written.
    _ = try ImageCache(folder: data.url.appendingPathComponent("one")).prepare(samples, recipe: recipe, threads: 1)
    #expect(try contents("one") == one)
  }

  @Test("A changed file is decoded again, also where size and date are those of the old one")
  func change() throws {
    let data = try TemporaryData()
    let sample = try Self.samples(in: data, count: 1)[0]
    let recipe = Self.recipe(.binaryClassification)
    let folder = data.url.appendingPathComponent("cache"), file = sample.image.files[0]
    // Old enough to be remembered by its dates.
    try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1_000_000)], ofItemAtPath: file.path)
    _ = try ImageCache(folder: folder).prepare([sample], recipe: recipe, threads: 1)
    let old = try ImageFile.read(file)
    guard case .bytes(var bytes) = old.samples else { return }
    bytes.reverse()
    let other = data.url.appendingPathComponent("other.png")
    try ImageFile.writePNG(PixelBuffer(width: old.width, height: old.height, channels: 1, bitDepth: 8, samples: .bytes(bytes)), to: other)
    try Data(contentsOf: other).write(to: file)
    try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1_000_000)], ofItemAtPath: file.path)
    let cache = try ImageCache(folder: folder).prepare([sample], recipe: recipe, threads: 1)
    #expect(try cache.withImage(of: sample) { try PixelBuffer($0) } == ImageFile.read(other))
  }

  @Test("Every damaged byte of a shard is found before a pixel is given away; the file is named, taken away and made again")
  func damage() throws {
    let data = try TemporaryData()
    let samples = try Self.samples(in: data, count: 2)
    let recipe = Self.recipe(.binaryClassification)
    let folder = data.url.appendingPathComponent("cache")
    _ = try ImageCache(folder: folder).prepare(samples, recipe: recipe, threads: 1)
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.path).first { $0.hasSuffix(".shard") })
    let shard = folder.appendingPathComponent(name)
    let whole = try Data(contentsOf: shard)
    // Pixels, table, footer; and a file that is too short.
    let places = [5, whole.count / 2, whole.count - 64 - 90, whole.count - 64 - 20, whole.count - 60, whole.count - 40, whole.count - 12]
    for place in places + [-1] {
      var bytes = whole
      if place < 0 { bytes.removeLast(100) } else { bytes[place] ^= 0x10 }
      try bytes.write(to: shard)
      let cache = try ImageCache(folder: folder)
      let prepared = try cache.prepare(samples, recipe: recipe, threads: 1)
      try compare(samples, recipe, .binaryClassification, prepared)
      #expect(cache.damages.count == 1 && cache.damages[0].contains(name), "byte \(place)")
      // Pixels found damaged while a run uses them are made again at the next start.
      _ = try ImageCache(folder: folder).prepare(samples, recipe: recipe, threads: 1)
      #expect(try Data(contentsOf: shard) == whole)
    }
    let sound = try ImageCache(folder: folder)
    sound.verify()
    #expect(sound.damages.isEmpty)
  }

  @Test("A shard that is cut short while it is in use is named, its images are decoded again, and the process goes on")
  func cutInUse() throws {
    let data = try TemporaryData()
    let samples = try Self.samples(in: data, count: 3)
    let recipe = Self.recipe(.binaryClassification)
    let folder = data.url.appendingPathComponent("cache"), cache = try ImageCache(folder: folder)
    let prepared = try cache.prepare(samples, recipe: recipe, threads: 1)
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.path).first { $0.hasSuffix(".shard") })
    let handle = try FileHandle(forWritingTo: folder.appendingPathComponent(name))
    try handle.truncate(atOffset: 10)
    try handle.close()
    try compare(samples, recipe, .binaryClassification, prepared)
    #expect(cache.damages.count == 1 && cache.damages[0].contains("\(name) of the cache is damaged: it was cut short while it was in use."), "\(cache.damages)")
    #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path))
  }

  @Test("A folder that cannot be written to is used as it is, and what it lacks is said", .enabled(if: geteuid() != 0, "root may write anywhere"))
  func readOnly() throws {
    let data = try TemporaryData()
    let samples = try Self.samples(in: data, count: 3)
    let recipe = Self.recipe(.binaryClassification)
    let folder = data.url.appendingPathComponent("cache")
    _ = try ImageCache(folder: folder).prepare(Array(samples.prefix(2)), recipe: recipe, threads: 1)
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
    defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path) }
    let cache = try ImageCache(folder: folder)
    #expect(try cache.prepare(Array(samples.prefix(2)), recipe: recipe, threads: 1).count == 2 && cache.damages.isEmpty)
    let prepared = try cache.prepare(samples, recipe: recipe, threads: 1)
    try compare(samples, recipe, .binaryClassification, prepared)
    #expect(cache.damages == ["The cache in \(folder.path) lacks 1 image and cannot be written to: they are decoded anew each time."])
  }

  @Test("A building that is stopped keeps whole shards, and the next one goes on")
  func stopping() throws {
    let data = try TemporaryData()
    let samples = try Self.samples(in: data)
    let recipe = Self.recipe(.binaryClassification)
    let folder = data.url.appendingPathComponent("cache")
    var asked = 0
    #expect(throws: CancellationError.self) {
      try ImageCache(folder: folder).prepare(samples, recipe: recipe, threads: 2, shardLimit: 1) {
        asked += 1
        return asked > 3
      } progress: { _ in
      }
    }
    // What a killed process leaves besides: a piece of a shard, half a line of digests.
    try Data([1, 2, 3]).write(to: folder.appendingPathComponent(".partial-1-x.shard"))
    try Data("0123 45".utf8).write(to: folder.appendingPathComponent("sources"))
    let cache = try ImageCache(folder: folder)
    // An image and a mask of each of three samples.
    #expect(cache.contents.images == 6)
    let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".shard") && !$0.hasPrefix(".") }
    let prepared = try cache.prepare(samples, recipe: recipe, threads: 2, shardLimit: 1)
    #expect(prepared.count == 6 && cache.contents.images == 12)
    let after = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".shard") }
    #expect(before.count == 3 && after.count == 6 && Set(before).isSubset(of: after))
    #expect(try !FileManager.default.contentsOfDirectory(atPath: folder.path).contains { $0.hasPrefix(".partial") })
    try compare(samples, recipe, .binaryClassification, prepared)
  }

  @Test("Two builders on one folder do the work once between them")
  func twoBuilders() throws {
    let data = try TemporaryData()
    let samples = try Self.samples(in: data)
    let recipe = Self.recipe(.binaryClassification)
    let folder = data.url.appendingPathComponent("cache")
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      let prepared = try? ImageCache(folder: folder).prepare(samples, recipe: recipe, threads: 2, shardLimit: 1)
      #expect(prepared?.count == samples.count)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".shard") }.count == samples.count)
  }

  @Test("A file that cannot be decoded is left to the run, which says the same with a cache as without")
  func brokenFile() throws {
    let data = try TemporaryData()
    var samples = try Self.samples(in: data, count: 2)
    let broken = data.url.appendingPathComponent("broken.png")
    let whole = try Data(contentsOf: samples[0].image.files[0])
    try Data(whole.prefix(whole.count / 2)).write(to: broken)
    samples.append(Sample(id: "broken.png", image: ImageReference(broken), labels: [1], byteCount: 1))
    let recipe = Self.recipe(.binaryClassification)
    let prepared = try ImageCache(folder: data.url.appendingPathComponent("cache")).prepare(samples, recipe: recipe, threads: 1)
    #expect(prepared.count == 2)
    let pipeline = try SamplePipeline(recipe: recipe, kind: .binaryClassification, stage: .test, cache: prepared)
    #expect { try pipeline.load(samples[2], seed: SeedPath(1)) } throws: { sentence(for: $0).contains("broken.png is cut short") }
  }

  @Test("A cache that would not fit on its disk is refused with what it needs and what there is")
  func room() {
    let plan = CachePlan(samples: 10, present: 3, bytes: 5_000_000_000, freeBytes: 1_000_000_000, seconds: 1)
    #expect(
      DatasetsError.noRoomForCache(plan, folder: "/c").description
        == "The cache in /c needs about 5.00 GB for 7 images, and its disk has 1.00 GB left. Free space, name another folder under `cache`, or give the recipe a `reducedSize`, which changes the numbers."
    )
  }

  @Test("Removing takes what the cache wrote and nothing else")
  func removal() throws {
    let data = try TemporaryData()
    let samples = try Self.samples(in: data, count: 1)
    let folder = data.url.appendingPathComponent("cache")
    _ = try ImageCache(folder: folder).prepare(samples, recipe: Self.recipe(.binaryClassification), threads: 1)
    try Data([1]).write(to: folder.appendingPathComponent("notes.txt"))
    #expect(try ImageCache.remove(folder: folder) > 7000)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["notes.txt"])
  }
}
