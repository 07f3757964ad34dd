using System.Buffers;
using System.Text;
using System.Text.Json;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;

namespace Sailfish.Tests.Protocol.Bodies;

/// <summary>Text costs what it is: only what JSON demands is escaped, by the encoder and by the writer of the hot path alike.</summary>
public sealed class PlainJsonEncoderTests
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = PlainJsonEncoder.Instance };

    [Theory]
    [InlineData("😀", 4)]
    [InlineData("👨‍👩‍👧", 18)]
    [InlineData("𠮷", 4)]
    [InlineData("\u2028\u2029", 6)]
    [InlineData("\u007F\u0080", 3)]
    [InlineData("é中<>&'+`/", 12)]
    [InlineData("\uFFFE\uFFFF\U0010FFFF\uFEFF\u00A0\u200D", 18)]
    [InlineData("\"\\\n\r\t\b\f", 14)]
    [InlineData("\0\u001F", 12)]
    public void A_string_takes_the_bytes_of_its_characters(string text, int bytes)
    {
        Assert.Equal(bytes + 2, WithWriter(text).Length);
        Assert.Equal(bytes + 2, InOnePass(text).Length);
    }

    [Fact]
    public void Any_text_is_written_alike_by_both_and_reads_back() => Properties.Hold(
        Texts.Any,
        text =>
        {
            var expected = "\"" + string.Concat(text.Select(Escape)) + "\"";
            Assert.Equal(expected, Encoding.UTF8.GetString(WithWriter(text)));
            Assert.Equal(expected, Encoding.UTF8.GetString(InOnePass(text)));
            Assert.Equal(expected, Encoding.UTF8.GetString(FromUtf8(text)));
            Assert.Equal(text, JsonSerializer.Deserialize<string>(InOnePass(text)));
        },
        count: 500);

    [Theory]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(4096)]
    public void A_pair_at_the_edge_of_a_chunk_stays_whole(int before)
    {
        var text = new string('x', before) + "😀\"" + new string('中', 1024) + "😀";
        Assert.Equal(text, JsonSerializer.Deserialize<string>(InOnePass(text)));
        Assert.Equal(WithWriter(text), InOnePass(text));
    }

    [Fact]
    public void Half_a_pair_is_written_as_the_replacement_character()
    {
        foreach (var text in new[] { "\uD83D", "a\uDE00\uD83D\"", "\uD83D\uD83D\uDE00" })
        {
            var expected = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace("\"", "\\\"", StringComparison.Ordinal);
            Assert.Equal($"\"{expected}\"", Encoding.UTF8.GetString(WithWriter(text)));
            Assert.Equal($"\"{expected}\"", Encoding.UTF8.GetString(InOnePass(text)));
        }
    }

    [Theory]
    [InlineData(Dialect.Binary)]
    [InlineData(Dialect.WebSocketBinary)]
    [InlineData(Dialect.WebSocketJson)]
    public void A_message_grows_by_the_bytes_of_its_text(Dialect dialect)
    {
        int Size(string text) => MessageEncoder.Encode(new MessageBody { Data = $$"""{"content":"{{text}}"}""" }, dialect, protocol: 2).Bytes.Length;
        var empty = Size("");
        foreach (var text in new[] { "😀", "\u2028", "\u007F", "中", "é" })
            Assert.Equal(empty + Encoding.UTF8.GetByteCount(text), Size(text));
    }

    private static string Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\b' => "\\b",
        '\f' => "\\f",
        < ' ' => $"\\u{(int)c:X4}",
        _ => c.ToString(),
    };

    private static byte[] WithWriter(string text) => JsonEncoded(writer => writer.WriteStringValue(text));

    private static byte[] FromUtf8(string text) => JsonEncoded(writer => writer.WriteStringValue(Encoding.UTF8.GetBytes(text)));

    private static byte[] JsonEncoded(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, Plain))
            write(writer);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] InOnePass(string text)
    {
        var output = new ArrayBufferWriter<byte>();
        JsonText.Write(output, text);
        return output.WrittenSpan.ToArray();
    }
}
