using System.CommandLine;
using Sailfish.LoadTest.Bodies;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>One-to-one messages, stored, receipted, delivered and acked.</summary>
internal sealed class DirectScenario(DirectOptions options) : LoadScenario
{
    private const long FirstSender = 1_000_000;
    private const long FirstReceiver = 2_000_000;

    public override string Name => "direct";

    protected override string Options => options.ToString();

    internal static Command Command()
    {
        var pairs = CheckedOption.Number("--pairs", "Pairs of a sender and a receiver", 100, 1, CheckedOption.MaxConnections / 2);
        var seconds = CheckedOption.Seconds(10);
        var warmUp = CheckedOption.WarmUp();
        var window = CheckedOption.Number("--window", "Messages without receipt that a sender has under way", 32, 1, 10_000);
        var rate = CheckedOption.Number("--rate", "Messages a second of all senders instead of a window; 0 = saturation", 0.0, 0, 1_000_000);
        var frame = CheckedOption.Frame();
        var ack = new Option<DirectAck>("--ack")
        {
            Description = "Whether receivers send an ACK for each message, or one for all that a read brought",
            DefaultValueFactory = _ => DirectAck.Each,
        };
        var command = new Command("direct", "Durable one-to-one messages with receipts and acks, and the raw store beside them")
        {
            pairs, seconds, warmUp, window, rate, frame, ack,
        };
        ScenarioCommand.Bind(command, (parsed, settings, results) =>
        {
            var options = new DirectOptions
            {
                Pairs = parsed.GetValue(pairs),
                Period = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                WarmUp = TimeSpan.FromSeconds(parsed.GetValue(warmUp)),
                Window = parsed.GetValue(window),
                Rate = parsed.GetValue(rate),
                Frame = parsed.GetValue(frame),
                Ack = parsed.GetValue(ack),
            };
            return options.Rate > 0
                ? [new Step(Keys.DirectRate, new DirectScenario(options), settings)]
                : Saturated(options, settings, results);
        });
        return command;
    }

    /// <summary>As many messages as the window lets through, and then the raw store with the same batches.</summary>
    internal static IEnumerable<Step> Saturated(DirectOptions options, LoadSettings settings, ResultSet results)
    {
        yield return new Step(Keys.Direct, new DirectScenario(options), settings);
        var batch = results.Value(Keys.Direct, MetricNames.CommitBatch);
        if (double.IsFinite(batch))
            yield return new Step(Keys.Store, new StoreScenario((int)Math.Round(batch), options.Pairs, options.Frame, options.Period), settings);
    }

    internal override TimeSpan WarmUp => options.WarmUp;

    internal override TimeSpan Period => options.Period;

    internal override int Sessions => 2 * options.Pairs;

    internal override ILoad Begin(Servers servers, Fleet fleet)
    {
        if (fleet.Transport.Protocol == 1)
            throw new LoadTestException("direct: receivers ack by seq, which sessions of protocol 1 are not given.");
        var board = new DirectBoard();
        DirectSender[] senders = [.. Enumerable.Range(0, options.Pairs).Select(i =>
            new DirectSender(fleet, board, FirstSender + i, MessageTemplate.ToUser(FirstReceiver + i, options.Frame)) { Node = i })];
        DirectReceiver[] receivers = [.. senders.Select((s, i) => new DirectReceiver(fleet, board, s, FirstReceiver + i, options.Ack) { Node = i + 1 })];
        fleet.LogIn([.. receivers, .. senders]);
        return new DirectLoad(servers, fleet, new DirectPump(options, senders), board, senders, receivers);
    }
}
