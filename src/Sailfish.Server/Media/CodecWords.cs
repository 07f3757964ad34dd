using Sailfish.Media.Flv;

namespace Sailfish.Server.Media;

/// <summary>Codecs as callers read them: <c>h264</c>, <c>aac</c>.</summary>
internal static class CodecWords
{
    public static string ToWord(this MediaCodec codec) => codec.ToString().ToLowerInvariant();
}
