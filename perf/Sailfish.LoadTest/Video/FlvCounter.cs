using System.Buffers.Binary;
using Sailfish.Media.Flv;

namespace Sailfish.LoadTest.Video;

/// <summary>Counts the frames of a <see cref="SyntheticStream"/> in what one viewer receives, cut anywhere, without keeping it.</summary>
internal sealed class FlvCounter
{
    /// <summary>A tag's head, and the first two bytes of its body, which say what it is.</summary>
    private const int HeadSize = FlvWriter.TagHeaderSize + 2;

    /// <summary>A frame's number, and the size of the tag, which stands behind it.</summary>
    private const int TailSize = SyntheticStream.NumberSize + sizeof(uint);

    /// <summary>Two bytes that say what it is, and a number: no tag of the stream has less.</summary>
    private const int LeastBody = 2 + SyntheticStream.NumberSize;

    private const int KeyFrame = 1;

    private readonly byte[] _part = new byte[Math.Max(HeadSize, FlvWriter.HeaderSize)];
    private Part _expects;
    private int _partLength;
    private int _skip;
    private int _tagSize;
    private bool _isFrame;
    private bool _isVideo;
    private bool _isKey;
    private bool _waitsForKey;

    /// <param name="hasFileHeader">Whether the stream begins as a file of FLV does.</param>
    internal FlvCounter(bool hasFileHeader = true) => _expects = hasFileHeader ? Part.File : Part.Head;

    private enum Part
    {
        File,
        Head,
        Body,
        Tail,
    }

    /// <summary>Whole frames of the picture.</summary>
    private long Pictures { get; set; }

    /// <summary>Bytes of whole frames.</summary>
    internal long Bytes { get; private set; }

    /// <summary>Whole frames of picture and sound.</summary>
    internal long Frames { get; private set; }

    /// <summary>Number of the last frame.</summary>
    internal uint Last { get; private set; }

    /// <summary>Times that frames were left out.</summary>
    internal int Skips { get; private set; }

    /// <summary>What is wrong with the stream; null while nothing is.</summary>
    internal string? Fault { get; private set; }

    /// <summary>Takes what came; true when a frame of the picture is whole.</summary>
    internal bool Take(ReadOnlySpan<byte> bytes)
    {
        var before = Pictures;
        while (!bytes.IsEmpty && Fault is null)
            bytes = bytes[(_expects == Part.Body ? Skip(bytes.Length) : Gather(bytes))..];
        return Pictures > before;
    }

    private int Skip(int available)
    {
        var count = Math.Min(available, _skip);
        _skip -= count;
        if (_skip == 0)
            _expects = Part.Tail;
        return count;
    }

    private int Gather(ReadOnlySpan<byte> bytes)
    {
        var size = _expects switch { Part.File => FlvWriter.HeaderSize, Part.Head => HeadSize, _ => TailSize };
        var count = Math.Min(bytes.Length, size - _partLength);
        bytes[..count].CopyTo(_part.AsSpan(_partLength));
        _partLength += count;
        if (_partLength < size)
            return count;
        _partLength = 0;
        switch (_expects)
        {
            case Part.File: TakeFileHeader(); break;
            case Part.Head: TakeHead(); break;
            default: TakeTail(); break;
        }

        return count;
    }

    private void TakeFileHeader()
    {
        if (!_part.AsSpan().StartsWith("FLV"u8))
            Fault = "no FLV";
        _expects = Part.Head;
    }

    private void TakeHead()
    {
        var kind = (TagKind)_part[0];
        var length = (_part[1] << 16) | (_part[2] << 8) | _part[3];
        if (kind is not (TagKind.Audio or TagKind.Video or TagKind.Script) || length < LeastBody)
        {
            Fault = "no tag of the stream";
            return;
        }

        _tagSize = FlvWriter.TagSize(length);
        _isVideo = kind == TagKind.Video;
        // The second byte of H.264 and AAC: 0 is a header.
        _isFrame = kind != TagKind.Script && _part[FlvWriter.TagHeaderSize + 1] != 0;
        _isKey = _isVideo && _part[FlvWriter.TagHeaderSize] >> 4 == KeyFrame;
        _skip = _tagSize - HeadSize - TailSize;
        _expects = _skip > 0 ? Part.Body : Part.Tail;
    }

    private void TakeTail()
    {
        _expects = Part.Head;
        if (BinaryPrimitives.ReadUInt32BigEndian(_part.AsSpan(SyntheticStream.NumberSize)) != _tagSize - sizeof(uint))
            Fault = "a tag that is cut";
        else if (_isFrame)
            TakeFrame(BinaryPrimitives.ReadUInt32BigEndian(_part));
    }

    private void TakeFrame(uint number)
    {
        if (number <= Last)
        {
            Fault = "a frame that came before";
            return;
        }

        if (Last != 0 && number != Last + 1)
            (Skips, _waitsForKey) = (Skips + 1, true);
        if (_waitsForKey && _isVideo && !_isKey)
            Fault = "frames that mean nothing without those left out";
        _waitsForKey &= !_isVideo;
        Last = number;
        Frames++;
        Pictures += _isVideo ? 1 : 0;
        Bytes += _tagSize;
    }
}
