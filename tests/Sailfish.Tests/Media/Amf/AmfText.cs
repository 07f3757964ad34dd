using System.Globalization;
using System.Text;
using Sailfish.Media.Amf;

namespace Sailfish.Tests.Media.Amf;

/// <summary>
/// AMF0 values as text, by spaces: <c>"text" 1 true null undefined {name:value} &lt;name:value&gt; [value] date</c>, of which the
/// pointed brackets are an ECMA array's.
/// </summary>
internal static class AmfText
{
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var reader = new Amf0Reader(bytes);
        List<string> values = [];
        while (!reader.IsEnd)
            values.Add(Value(ref reader));
        return string.Join(' ', values);
    }

    public static string Of(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string Value(ref Amf0Reader reader)
    {
        switch (reader.Peek())
        {
            case AmfKind.Number:
                return Of(reader.ReadNumber());
            case AmfKind.Boolean:
                return reader.ReadBoolean() ? "true" : "false";
            case AmfKind.String:
                return $"\"{reader.ReadString()}\"";
            case AmfKind.Object:
                return $"{{{Properties(ref reader)}}}";
            case AmfKind.EcmaArray:
                return $"<{Properties(ref reader)}>";
            case AmfKind.StrictArray:
                return $"[{Values(ref reader)}]";
            case AmfKind.Date:
                reader.Skip();
                return "date";
            case var nothing:
                reader.Skip();
                return nothing == AmfKind.Null ? "null" : "undefined";
        }
    }

    private static string Properties(ref Amf0Reader reader)
    {
        reader.ReadObjectStart();
        List<string> properties = [];
        while (reader.ReadName(out var name))
        {
            var text = Encoding.UTF8.GetString(name);
            properties.Add($"{text}:{Value(ref reader)}");
        }

        return string.Join(',', properties);
    }

    private static string Values(ref Amf0Reader reader)
    {
        List<string> values = [];
        for (var left = reader.ReadArrayStart(); left > 0; left--)
            values.Add(Value(ref reader));
        return string.Join(',', values);
    }
}
