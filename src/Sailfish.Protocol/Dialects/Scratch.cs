using System.Buffers;
using System.Text.Json;
using Sailfish.Protocol.Bodies;

namespace Sailfish.Protocol.Dialects;

/// <summary>Buffers of the calling thread's own, used again and again; what is in one is good until it is asked for again.</summary>
internal static class Scratch
{
    /// <summary>A buffer that grew beyond this is let go.</summary>
    private const int MaxKept = 64 * 1024;

    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = PlainJsonEncoder.Instance,
        SkipValidation = true,
    };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _body;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _frame;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    /// <summary>For a body.</summary>
    public static ArrayBufferWriter<byte> Body() => Empty(ref _body);

    /// <summary>For the frame around a body.</summary>
    public static ArrayBufferWriter<byte> Frame() => Empty(ref _frame);

    /// <summary>Writes JSON behind what is in <paramref name="output"/>; to be flushed before anything else is written there.</summary>
    public static Utf8JsonWriter JsonTo(ArrayBufferWriter<byte> output)
    {
        var writer = _writer ??= new Utf8JsonWriter(output, WriterOptions);
        writer.Reset(output);
        return writer;
    }

    private static ArrayBufferWriter<byte> Empty(ref ArrayBufferWriter<byte>? buffer)
    {
        if (buffer is null || buffer.Capacity > MaxKept)
            return buffer = new ArrayBufferWriter<byte>(1024);
        buffer.ResetWrittenCount();
        return buffer;
    }
}
