using System.Diagnostics.CodeAnalysis;
using Sailfish.Media;
using Sailfish.Media.Flv;

namespace Sailfish.Server.Media.Streams;

/// <summary>
/// What one publisher has sent so far, as its tracks: until it is known which there are, what comes is held back, at most a
/// second; then a head says it, and another one when a track comes, goes, or is coded in another way.
/// </summary>
internal sealed class TrackIntake(MediaOptions options, TimeProvider time)
{
    private static readonly TimeSpan PromiseLimit = TimeSpan.FromSeconds(1);

    /// <summary>More than any second has that is within the bitrate.</summary>
    private const int MostHeld = 8 * 1024 * 1024;

    /// <summary>Video without sound for so long, and there is no sound any more: a player would wait for it.</summary>
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(3);

    /// <summary>Likewise, though pictures may be far apart.</summary>
    private static readonly TimeSpan BlankLimit = TimeSpan.FromSeconds(10);

    private readonly List<FlvTag> _held = [];
    private readonly TrackPresence _picture = new(BlankLimit, time);
    private readonly TrackPresence _sound = new(SilenceLimit, time);
    private StreamMetadata? _promised;
    private FlvTag? _metadata;
    private FlvTag? _videoHeader;
    private FlvTag? _audioHeader;
    private MediaCodec? _video;
    private MediaCodec? _audio;
    private StreamHead? _newHead;
    private long _firstAt;
    private int _heldBytes;

    /// <summary>It is known which tracks there are: what comes is passed on.</summary>
    private bool _isReady;

    public MediaCodec? Video => _picture.IsGone ? null : _video;

    public MediaCodec? Audio => _sound.IsGone ? null : _audio;

    /// <summary>Pixels, where a header or the publisher says so; else 0.</summary>
    public int Width { get; private set; }

    public int Height { get; private set; }

    /// <summary>Takes a tag; true when there are frames to pass on, those that were held back first.</summary>
    /// <exception cref="MediaFormatException">It cannot be read, or cannot be played by anybody.</exception>
    public bool TryTake(FlvTag tag, [NotNullWhen(true)] out IReadOnlyList<FlvTag>? frames)
    {
        frames = null;
        tag = EnhancedTags.ToLegacy(tag);
        if (tag.Body.IsEmpty)
            return false;
        var info = TagInfo.Of(tag);
        // The first track comes without a number; others are for players that can choose, which none here can.
        if (info.IsMultitrack)
            return false;
        if ((info.IsHeader || info.IsFrame) && !options.Takes(tag.Kind, info.Codec))
            throw new MediaFormatException($"{(info.Codec == MediaCodec.Unknown ? "What it is coded as" : info.Codec.ToWord())} is not taken here.");
        if (tag.Kind == TagKind.Script)
            TakeMetadata(tag);
        else if (info.IsHeader)
            TakeHeader(tag, info);
        else if (info.IsFrame)
            Hold(tag, info);
        if (_held.Count == 0 || (!_isReady && !IsComplete()))
            return false;
        if (!_isReady)
            (_isReady, _newHead) = (true, MakeHead());
        frames = [.. _held];
        _held.Clear();
        _heldBytes = 0;
        return true;
    }

    /// <summary>A head that holds from the frames on that come with it, when there is another one.</summary>
    public StreamHead? TakeHead()
    {
        var head = _newHead;
        _newHead = null;
        return head;
    }

    private static bool NeedsHeader(MediaCodec codec) =>
        codec is MediaCodec.H264 or MediaCodec.Hevc or MediaCodec.Av1 or MediaCodec.Aac or MediaCodec.Opus or MediaCodec.Flac;

    private void TakeMetadata(in FlvTag tag)
    {
        if (!StreamMetadata.TryRead(tag.Body.Span, out var metadata))
            return;
        (_promised, _metadata) = (metadata, tag);
        if (Width == 0)
            (Width, Height) = (metadata.Width ?? 0, metadata.Height ?? 0);
    }

    private void TakeHeader(in FlvTag tag, in TagInfo info)
    {
        var isVideo = tag.Kind == TagKind.Video;
        if ((isVideo ? _videoHeader : _audioHeader) is { } known && known.Body.Span.SequenceEqual(tag.Body.Span))
            return;
        if (isVideo)
            (_videoHeader, _video) = (tag, info.Codec);
        else
            (_audioHeader, _audio) = (tag, info.Codec);
        if (VideoSize.TryRead(info, tag.Body.Span, out var size))
            (Width, Height) = (size.Width, size.Height);
        if (_isReady)
            _newHead = MakeHead();
    }

    private void Hold(in FlvTag tag, in TagInfo info)
    {
        if (_firstAt == 0)
            _firstAt = time.GetTimestamp();
        _held.Add(tag);
        _heldBytes += tag.Body.Length;
        if (!NeedsHeader(info.Codec))
            NoteTrack(tag.Kind, info.Codec);
        NotePresence(tag.Kind);
    }

    /// <summary>A codec without headers is known by what comes.</summary>
    private void NoteTrack(TagKind kind, MediaCodec codec)
    {
        if ((kind == TagKind.Video ? _video : _audio) == codec)
            return;
        if (kind == TagKind.Video)
            (_video, _videoHeader) = (codec, null);
        else
            (_audio, _audioHeader) = (codec, null);
        if (_isReady)
            _newHead = MakeHead();
    }

    private void NotePresence(TagKind kind)
    {
        var isPicture = _picture.Note(kind == TagKind.Video) && _video is not null;
        var isSound = _sound.Note(kind == TagKind.Audio) && _audio is not null;
        if (_isReady && (isPicture || isSound))
            _newHead = MakeHead();
    }

    /// <summary>Whether it is known which tracks there are, or there was time enough to know.</summary>
    private bool IsComplete()
    {
        if (_video is null && _audio is null)
            return _heldBytes > MostHeld ? throw new MediaFormatException("Frames come without the headers that say how they are coded.") : false;
        var (wantsVideo, wantsAudio) = _promised is { } promised ? (promised.HasVideo, promised.HasAudio) : (true, true);
        var isAllThere = (_video is not null || !wantsVideo) && (_audio is not null || !wantsAudio);
        return isAllThere || _heldBytes > MostHeld || time.GetElapsedTime(_firstAt) >= PromiseLimit;
    }

    /// <summary>Without what the publisher says of a track that is gone: a player would believe it and wait.</summary>
    private StreamHead MakeHead() => StreamHead.Of(
        new StreamTracks(Video, Audio), _picture.IsGone || _sound.IsGone ? null : _metadata, _picture.IsGone ? null : _videoHeader, _sound.IsGone ? null : _audioHeader);
}
