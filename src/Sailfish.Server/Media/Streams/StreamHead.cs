using Sailfish.Media.Flv;

namespace Sailfish.Server.Media.Streams;

/// <summary>What a player needs before it can play from the middle: the tracks there are, and how they are coded.</summary>
internal sealed class StreamHead
{
    private readonly IReadOnlyList<FlvTag> _tags;

    private StreamHead(StreamTracks tracks, IReadOnlyList<FlvTag> tags, FrameNode opening, FrameNode headers) =>
        (Tracks, _tags, Opening, Headers) = (tracks, tags, opening, headers);

    public StreamTracks Tracks { get; }

    /// <summary>The head of the file, and all headers: how an answer begins.</summary>
    public FrameNode Opening { get; }

    /// <summary>The headers alone: for who has missed that they are others.</summary>
    public FrameNode Headers { get; }

    public static StreamHead Of(StreamTracks tracks, FlvTag? metadata, FlvTag? video, FlvTag? audio)
    {
        List<FlvTag> headers = [.. new[] { metadata, video, audio }.OfType<FlvTag>().Select(tag => tag with { Timestamp = 0 })];
        var file = FlvWriter.Header(hasAudio: tracks.Audio is not null, hasVideo: tracks.Video is not null);
        return new StreamHead(tracks, headers, FrameNode.OfHeaders(headers, file), FrameNode.OfHeaders(headers));
    }

    /// <summary>For those who are in the middle: times go on, those of headers too.</summary>
    public StreamHead At(Timeline timeline) =>
        new(Tracks, _tags, Opening, FrameNode.OfHeaders([.. _tags.Select(tag => tag with { Timestamp = timeline.Last(tag.Kind) })]));
}

/// <summary>The tracks of a stream by their codecs; a player that has begun cannot go on with others.</summary>
internal readonly record struct StreamTracks(MediaCodec? Video, MediaCodec? Audio);
