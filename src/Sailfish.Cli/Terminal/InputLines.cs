using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Sailfish.Cli.Terminal;

/// <summary>Lines of an input, each decoded by itself, so that a line in another encoding is found and not changed.</summary>
internal sealed class InputLines
{
    private static readonly Encoding Strict =
        Encoding.GetEncoding(Console.InputEncoding.CodePage, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);

    private readonly PipeReader _reader;
    private bool _isFirst = true;

    public InputLines(Stream input) => _reader = PipeReader.Create(input);

    /// <summary>What the input should be in.</summary>
    public static string EncodingName => Strict.WebName;

    /// <summary>The next line without its end, a null text when it is not valid in the encoding; null at the end.</summary>
    public async ValueTask<InputLine?> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var result = await _reader.ReadAsync(cancellation);
            var buffer = result.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Decode(buffer.Slice(0, end));
                _reader.AdvanceTo(buffer.GetPosition(1, end));
                return line;
            }

            if (result.IsCompleted)
                return TakeLast(buffer);
            _reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private InputLine? TakeLast(ReadOnlySequence<byte> rest)
    {
        InputLine? line = rest.IsEmpty ? null : Decode(rest);
        _reader.AdvanceTo(rest.End);
        return line;
    }

    private InputLine Decode(ReadOnlySequence<byte> bytes)
    {
        var isFirst = _isFirst;
        _isFirst = false;
        try
        {
            var text = Strict.GetString(bytes).TrimEnd('\r');
            // Some editors write a mark of the encoding first.
            return new InputLine(isFirst ? text.TrimStart('\uFEFF') : text);
        }
        catch (DecoderFallbackException)
        {
            return new InputLine(null);
        }
    }
}
