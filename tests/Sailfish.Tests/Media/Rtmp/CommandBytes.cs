using System.Buffers;
using Sailfish.Media.Amf;

namespace Sailfish.Tests.Media.Rtmp;

/// <summary>Bodies of commands as publishing programs send them (RTMP 1.0, section 7.2).</summary>
internal static class CommandBytes
{
    /// <summary>connect, with more beside the app than is looked at.</summary>
    public static byte[] Connect(string app)
    {
        var output = Begin("connect", 1);
        var writer = new Amf0Writer(output);
        writer.WriteObjectStart();
        writer.WriteName("type"u8);
        writer.WriteString("nonprivate");
        writer.WriteName("app"u8);
        writer.WriteString(app);
        writer.WriteName("fourCcList"u8);
        writer.WriteStrictArrayStart(1);
        writer.WriteString("hvc1");
        writer.WriteName("tcUrl"u8);
        writer.WriteString($"rtmp://localhost:1935/{app}");
        writer.WriteObjectEnd();
        return output.WrittenSpan.ToArray();
    }

    /// <summary>A command with null for its object and these values: numbers or texts.</summary>
    public static byte[] Of(string name, double transaction, params object[] values)
    {
        var output = Begin(name, transaction);
        var writer = new Amf0Writer(output);
        writer.WriteNull();
        foreach (var value in values)
        {
            if (value is string text)
                writer.WriteString(text);
            else
                writer.WriteNumber(Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture));
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>onMetaData, behind @setDataFrame or not.</summary>
    public static byte[] Metadata(bool isSet)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new Amf0Writer(output);
        if (isSet)
            writer.WriteString("@setDataFrame");
        writer.WriteString("onMetaData");
        writer.WriteEcmaArrayStart(1);
        writer.WriteName("width"u8);
        writer.WriteNumber(640);
        writer.WriteObjectEnd();
        return output.WrittenSpan.ToArray();
    }

    private static ArrayBufferWriter<byte> Begin(string name, double transaction)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new Amf0Writer(output);
        writer.WriteString(name);
        writer.WriteNumber(transaction);
        return output;
    }
}
