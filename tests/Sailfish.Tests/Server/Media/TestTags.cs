using System.Buffers;
using Sailfish.Media.Flv;

namespace Sailfish.Tests.Server.Media;

/// <summary>Tags as an encoder sends them, with so much of a picture as the server looks at.</summary>
internal static class TestTags
{
    public static FlvTag VideoHeader(byte profile = 0x42) => new(TagKind.Video, 0, new byte[] { 0x17, 0, 0, 0, 0, 1, profile, 0, 0x1F, 0xFF, 0xE0, 0 });

    public static FlvTag AudioHeader { get; } = new(TagKind.Audio, 0, new byte[] { 0xAF, 0, 0x12, 0x10 });

    public static FlvTag Key(uint time, int size = 100) => Frame(0x17, time, size);

    public static FlvTag Inter(uint time, int size = 20) => Frame(0x27, time, size);

    public static FlvTag Sound(uint time)
    {
        var body = new byte[10];
        (body[0], body[1], body[9]) = (0xAF, 1, (byte)time);
        return new FlvTag(TagKind.Audio, time, body);
    }

    /// <summary>The tags that were sent, as far as they are whole.</summary>
    public static List<FlvTag> Read(MemoryStream sent)
    {
        var (reader, tags) = (new FlvReader(1024 * 1024), new List<FlvTag>());
        var input = new ReadOnlySequence<byte>(sent.ToArray());
        while (reader.TryRead(ref input, out var tag))
            tags.Add(tag);
        return tags;
    }

    private static FlvTag Frame(byte kind, uint time, int size)
    {
        var body = new byte[size];
        (body[0], body[1], body[^1]) = (kind, 1, (byte)time);
        return new FlvTag(TagKind.Video, time, body);
    }
}
