// CoachTap: write what this Mac plays to standard output, until standard input ends.
//
// Not yet compiled and not yet run on macOS: written from Apple's documentation of Core Audio taps (macOS 14.2).
// Built by build.sh beside this file; started and understood by coach/audio/tap.py, which describes the same language:
//
//   "COACHTAP 1\n", then frames, little-endian:
//   "tap1", samples a second (UInt32), samples that follow (UInt32), host time of the first in nanoseconds (UInt64),
//   the samples (Int16, one channel). A frame without samples says that the program lives.
//
// It records nothing, keeps nothing, and knows no file and no network.

import CoreAudio
import Foundation

enum Exit {
  static let refused: Int32 = 10
  static let tooOld: Int32 = 11
  static let noOutput: Int32 = 12
  static let broken: Int32 = 13
}

/// Leave with a code that tap.py knows, and a line for whoever runs this by hand.
func leave(_ code: Int32, _ why: String) -> Never {
  FileHandle.standardError.write(Data((why + "\n").utf8))
  exit(code)
}

/// Writes to standard output on a queue of its own: the sound's thread must never wait for a pipe.
final class Writer {
  private let queue = DispatchQueue(label: "coach-tap.writer")
  private let lock = NSLock()
  private var waiting = 0
  private var greeted = false
  /// Ten seconds at 48 kHz. A reader further behind loses sound, and sees it from the host times.
  private let most = 960_000

  /// Say who speaks. What is sent before is not written: the reader must know first that all went well.
  func greet() {
    lock.lock()
    greeted = true
    lock.unlock()
    send(Data("COACHTAP 1\n".utf8))
  }

  func send(_ data: Data) {
    lock.lock()
    let wanted = greeted && waiting <= most
    if wanted { waiting += data.count }
    lock.unlock()
    if !wanted { return }
    queue.async {
      self.write(data)
      self.lock.lock()
      self.waiting -= data.count
      self.lock.unlock()
    }
  }

  private func write(_ data: Data) {
    data.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) in
      guard let start = bytes.baseAddress else { return }
      var done = 0
      while done < bytes.count {
        let n = Darwin.write(STDOUT_FILENO, start + done, bytes.count - done)
        if n > 0 {
          done += n
        } else if errno != EINTR {
          exit(0)  // nobody reads any more
        }
      }
    }
  }
}

/// Ask a property that is one plain value.
func property<Value>(_ object: AudioObjectID, _ selector: AudioObjectPropertySelector, _ value: Value) -> Value? {
  var address = AudioObjectPropertyAddress(
    mSelector: selector, mScope: kAudioObjectPropertyScopeGlobal, mElement: kAudioObjectPropertyElementMain)
  var size = UInt32(MemoryLayout<Value>.size)
  var result = value
  let status = withUnsafeMutablePointer(to: &result) {
    AudioObjectGetPropertyData(object, &address, 0, nil, &size, $0)
  }
  return status == noErr ? result : nil
}

/// A tap on everything that plays, in a private device of its own, which nobody else sees.
///
/// The device holds the tap alone and no loudspeaker: with one, it stops when a Bluetooth headset changes its rate.
/// The tap is named in the description of the device, because adding it later gives zeros on macOS 26.
@available(macOS 14.2, *)
final class Tap {
  private let writer: Writer
  /// The sound's blocks and the heartbeat both run here, so that they need no lock.
  private let work = DispatchQueue(label: "coach-tap.sound", qos: .userInteractive)
  private var tap = AudioObjectID(kAudioObjectUnknown)
  private var device = AudioObjectID(kAudioObjectUnknown)
  private var procedure: AudioDeviceIOProcID?
  private var rate: UInt32 = 48_000
  private var samples: [Int16] = []
  private var firstHeard: UInt64 = 0
  private var lastHeard = DispatchTime.now()

  init(_ writer: Writer) { self.writer = writer }

  func start() {
    let description = CATapDescription(stereoGlobalTapButExcludeProcesses: [])
    description.name = "Coach"
    description.isPrivate = true
    description.muteBehavior = .unmuted
    var status = AudioHardwareCreateProcessTap(description, &tap)
    if status == kAudioDevicePermissionsError { leave(Exit.refused, "no permission for a tap") }
    if status != noErr { leave(Exit.broken, "no tap: \(status)") }

    let asked = property(tap, kAudioTapPropertyFormat, AudioStreamBasicDescription())
    guard let format = asked, format.mFormatFlags & kAudioFormatFlagIsFloat != 0, format.mBitsPerChannel == 32 else {
      leave(Exit.broken, "the tap's format is not float")
    }

    let whole: [String: Any] = [
      kAudioAggregateDeviceNameKey: "Coach",
      kAudioAggregateDeviceUIDKey: "coach-tap-" + UUID().uuidString,
      kAudioAggregateDeviceIsPrivateKey: true,
      kAudioAggregateDeviceTapAutoStartKey: false,
      kAudioAggregateDeviceTapListKey: [
        [
          kAudioSubTapUIDKey: description.uuid.uuidString,
          kAudioSubTapDriftCompensationKey: true,
        ]
      ],
    ]
    status = AudioHardwareCreateAggregateDevice(whole as CFDictionary, &device)
    if status != noErr { leave(Exit.broken, "no device for the tap: \(status)") }

    let nominal = property(device, kAudioDevicePropertyNominalSampleRate, Float64(0)) ?? 0
    rate = UInt32((nominal > 0 ? nominal : format.mSampleRate).rounded())

    status = AudioDeviceCreateIOProcIDWithBlock(&procedure, device, work) {
      [unowned self] _, input, time, _, _ in
      self.hear(input, time.pointee)
    }
    if status != noErr { leave(Exit.broken, "no sound from the tap: \(status)") }
    status = AudioDeviceStart(device, procedure)
    if status == kAudioDevicePermissionsError { leave(Exit.refused, "no permission to listen") }
    if status != noErr { leave(Exit.broken, "the tap does not start: \(status)") }
    work.sync { lastHeard = DispatchTime.now() }
  }

  func stop() {
    if let procedure {
      AudioDeviceStop(device, procedure)
      AudioDeviceDestroyIOProcID(device, procedure)
    }
    procedure = nil
    if device != kAudioObjectUnknown { AudioHardwareDestroyAggregateDevice(device) }
    if tap != kAudioObjectUnknown { AudioHardwareDestroyProcessTap(tap) }
    device = AudioObjectID(kAudioObjectUnknown)
    tap = AudioObjectID(kAudioObjectUnknown)
  }

  /// Say that we live; build everything anew when no sound, not even silence, has come for ten seconds.
  func beat() {
    let quiet = work.sync { () -> UInt64 in
      flush()
      send([], 0)
      return DispatchTime.now().uptimeNanoseconds - lastHeard.uptimeNanoseconds
    }
    if quiet > 10_000_000_000 {
      stop()
      start()
    }
  }

  private func hear(_ input: UnsafePointer<AudioBufferList>, _ time: AudioTimeStamp) {
    lastHeard = DispatchTime.now()
    let valid = time.mFlags.contains(.hostTimeValid)
    let host = AudioConvertHostTimeToNanos(valid ? time.mHostTime : AudioGetCurrentHostTime())
    let expected = firstHeard + UInt64(samples.count) * 1_000_000_000 / UInt64(rate)
    if !samples.isEmpty && host > expected + 50_000_000 { flush() }  // it paused: what was before keeps its time
    if samples.isEmpty { firstHeard = host }
    mix(UnsafeMutableAudioBufferListPointer(UnsafeMutablePointer(mutating: input)))
    if samples.count >= Int(rate) * 60 / 1000 { flush() }
  }

  /// Mix all channels to one, interleaved or not: their mean, which cannot overflow.
  private func mix(_ buffers: UnsafeMutableAudioBufferListPointer) {
    var channels = 0
    var frames = Int.max
    for buffer in buffers where buffer.mData != nil && buffer.mNumberChannels > 0 {
      channels += Int(buffer.mNumberChannels)
      frames = min(frames, Int(buffer.mDataByteSize) / (4 * Int(buffer.mNumberChannels)))
    }
    if channels == 0 || frames == 0 { return }
    for frame in 0..<frames {
      var sum: Float = 0
      for buffer in buffers {
        guard let data = buffer.mData, buffer.mNumberChannels > 0 else { continue }
        let values = data.assumingMemoryBound(to: Float.self)
        let wide = Int(buffer.mNumberChannels)
        for channel in 0..<wide { sum += values[frame * wide + channel] }
      }
      let mean = sum / Float(channels)
      let whole = mean.isFinite ? max(-1, min(1, mean)) : 0
      samples.append(Int16((whole * 32767).rounded()))
    }
  }

  private func flush() {
    if samples.isEmpty { return }
    send(samples, firstHeard)
    samples.removeAll(keepingCapacity: true)
  }

  private func send(_ samples: [Int16], _ host: UInt64) {
    var data = Data("tap1".utf8)
    withUnsafeBytes(of: rate.littleEndian) { data.append(contentsOf: $0) }
    withUnsafeBytes(of: UInt32(samples.count).littleEndian) { data.append(contentsOf: $0) }
    withUnsafeBytes(of: host.littleEndian) { data.append(contentsOf: $0) }
    samples.withUnsafeBytes { data.append(contentsOf: $0) }  // every Mac is little-endian
    writer.send(data)
  }
}

/// Say whether the user refused this for certain.
///
/// A tap without permission gives zeros and no error, and macOS has no documented way to ask. This one is not
/// documented either: where it is missing or says anything but "denied" (1), we go on, and macOS itself asks the user.
func isRefused() -> Bool {
  typealias Preflight = @convention(c) (CFString, CFDictionary?) -> Int
  let framework = "/System/Library/PrivateFrameworks/TCC.framework/Versions/A/TCC"
  guard let handle = dlopen(framework, RTLD_NOW), let symbol = dlsym(handle, "TCCAccessPreflight") else {
    return false
  }
  return unsafeBitCast(symbol, to: Preflight.self)("kTCCServiceAudioCapture" as CFString, nil) == 1
}

@available(macOS 14.2, *)
func run() -> Never {
  if isRefused() { leave(Exit.refused, "no permission for system audio recording") }
  let nothing = AudioObjectID(kAudioObjectUnknown)
  let output = property(
    AudioObjectID(kAudioObjectSystemObject), kAudioHardwarePropertyDefaultOutputDevice, nothing)
  if (output ?? nothing) == nothing { leave(Exit.noOutput, "there is no output device") }

  let writer = Writer()
  let tap = Tap(writer)
  tap.start()
  writer.greet()

  let heart = DispatchSource.makeTimerSource(queue: .main)
  heart.schedule(deadline: .now() + 1, repeating: 1)
  heart.setEventHandler { tap.beat() }
  heart.resume()

  Thread.detachNewThread {
    var byte: UInt8 = 0
    while true {
      let n = read(STDIN_FILENO, &byte, 1)
      if n == 0 || (n < 0 && errno != EINTR) { break }
    }
    DispatchQueue.main.async {
      tap.stop()
      exit(0)
    }
  }
  withExtendedLifetime((tap, heart)) { dispatchMain() }
}

signal(SIGPIPE, SIG_IGN)
if #available(macOS 14.2, *) {
  run()
} else {
  leave(Exit.tooOld, "macOS 14.2 or later is needed")
}
