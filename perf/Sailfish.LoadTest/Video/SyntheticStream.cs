using System.Buffers.Binary;
using Sailfish.Media.Flv;

namespace Sailfish.LoadTest.Video;

/// <summary>
/// Tags that look like H.264 and AAC to whoever does not decode them: 25 frames a second, a keyframe each two seconds, and sound.
/// Each frame ends with its number, so that who receives it knows what is missing.
/// </summary>
internal sealed class SyntheticStream
{
    internal const int FramesPerSecond = 25;

    /// <summary>Bytes of a frame's number.</summary>
    internal const int NumberSize = sizeof(uint);

    private const int FramesPerGop = 2 * FramesPerSecond;

    /// <summary>How many other frames a keyframe weighs.</summary>
    private const int KeyWeight = 10;

    private const int SampleRate = 48_000;
    private const int SamplesPerFrame = 1024;

    /// <summary>Of AAC at 64 kbit/s.</summary>
    private const int SoundBytes = 170;

    private const int BitsPerByte = 8;
    private const int MillisecondsPerSecond = 1000;
    private const int FrameMilliseconds = MillisecondsPerSecond / FramesPerSecond;

    /// <summary>640 × 360, baseline.</summary>
    private static readonly byte[] VideoHeader =
    [
        0x17, 0, 0, 0, 0,
        1, 0x42, 0xC0, 0x1E, 0xFF, 0xE1, 0, 10, 0x67, 0x42, 0xC0, 0x1E, 0xDA, 0x02, 0x80, 0xBF, 0xE5, 0x40,
        1, 0, 4, 0x68, 0xCE, 0x3C, 0x80,
    ];

    /// <summary>AAC-LC, 48 kHz, stereo; no SBR, which encoders say too.</summary>
    private static readonly byte[] SoundHeader = [0xAF, 0, 0x11, 0x90, 0x56, 0xE5, 0];

    private static readonly byte[] KeyHead = [0x17, 1, 0, 0, 0];
    private static readonly byte[] FrameHead = [0x27, 1, 0, 0, 0];
    private static readonly byte[] SoundHead = [0xAF, 1];

    private readonly int _keyBytes;
    private readonly int _frameBytes;
    private readonly bool _hasSound;
    private uint _number;
    private int _frames;
    private int _sounds;

    private SyntheticStream(int keyBytes, int frameBytes, bool hasSound) => (_keyBytes, _frameBytes, _hasSound) = (keyBytes, frameBytes, hasSound);

    /// <summary>What a player has to have first.</summary>
    internal IReadOnlyList<FlvTag> Headers => _hasSound ? [new(TagKind.Video, 0, VideoHeader), new(TagKind.Audio, 0, SoundHeader)] : [new(TagKind.Video, 0, VideoHeader)];

    /// <summary>When the next tag is due, in milliseconds from the begin of the stream.</summary>
    internal double NextDue => Math.Min(FrameDue, SoundDue);

    private double FrameDue => (double)_frames * FrameMilliseconds;

    private double SoundDue => _hasSound ? (double)_sounds * SamplesPerFrame * MillisecondsPerSecond / SampleRate : double.PositiveInfinity;

    /// <summary>Picture and sound that come to so many kilobits a second, FLV's own bytes among them.</summary>
    internal static SyntheticStream Of(int kbps)
    {
        var perSecond = kbps * MillisecondsPerSecond / BitsPerByte;
        var sound = FlvWriter.TagSize(SoundBytes) * SampleRate / SamplesPerFrame;
        var perGop = ((perSecond - sound) * FramesPerGop / FramesPerSecond) - (FramesPerGop * FlvWriter.TagSize(0));
        var frame = perGop / (KeyWeight + FramesPerGop - 1);
        return new SyntheticStream(frame * KeyWeight, frame, hasSound: true);
    }

    /// <summary>Tags of one size, each of which with FLV's own bytes is a frame's share of so many kilobits a second.</summary>
    internal static SyntheticStream Even(int kbps)
    {
        var bytes = EvenTagSize(kbps) - FlvWriter.TagSize(0);
        return new SyntheticStream(bytes, bytes, hasSound: false);
    }

    /// <summary>Bytes of a tag of <see cref="Even"/>.</summary>
    internal static int EvenTagSize(int kbps) => kbps * MillisecondsPerSecond / BitsPerByte / FramesPerSecond;

    /// <summary>The next tag.</summary>
    internal FlvTag Next()
    {
        var due = NextDue;
        if (SoundDue <= FrameDue)
        {
            _sounds++;
            return Tag(TagKind.Audio, due, SoundHead, SoundBytes);
        }

        return _frames++ % FramesPerGop == 0 ? Tag(TagKind.Video, due, KeyHead, _keyBytes) : Tag(TagKind.Video, due, FrameHead, _frameBytes);
    }

    private FlvTag Tag(TagKind kind, double due, byte[] head, int length)
    {
        var body = new byte[length];
        head.CopyTo(body, 0);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(length - NumberSize), ++_number);
        return new FlvTag(kind, (uint)due, body);
    }
}
