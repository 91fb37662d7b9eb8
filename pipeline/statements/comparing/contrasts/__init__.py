"""What two wordings say differently: each read into facts once, two laid side by side, facts held against facts."""
